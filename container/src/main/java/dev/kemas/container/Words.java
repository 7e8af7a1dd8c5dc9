package dev.kemas.container;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A command as clients send it: a list of words, or one text that stands for one word. */
final class Words extends StdDeserializer<Optional<List<String>>> {
  @Serial private static final long serialVersionUID = 1L;

  Words() {
    super(Optional.class);
  }

  @Override
  public Optional<List<String>> getNullValue(DeserializationContext context) {
    return Optional.empty();
  }

  @Override
  public Object getAbsentValue(DeserializationContext context) {
    return Optional.empty();
  }

  @Override
  public Optional<List<String>> deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return Optional.of(List.of(parser.getText()));
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      return context.reportInputMismatch(this, "want a list of texts");
    }
    List<String> words = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        context.reportInputMismatch(this, "want a list of texts");
      }
      words.add(parser.getText());
    }
    return Optional.of(List.copyOf(words));
  }
}
