package dev.kemas.signature;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A value of a JSON file that knows where it stands, so that what is wrong with it can be told with
 * its line.
 */
final class Located {
  private static final int MOST = 1 << 20;

  private final Path file;
  private final int line;
  private final Object value; // Map of Located, List of Located, String, Boolean; others as text

  private Located(Path file, int line, Object value) {
    this.file = file;
    this.line = line;
    this.value = value;
  }

  /**
   * Reads a file.
   *
   * @throws Fault.InvalidArgument when it cannot be read or is no JSON
   */
  static Located read(Path file) {
    try {
      if (Files.size(file) > MOST) {
        throw new Fault.InvalidArgument(
            "signature policy " + file + " has more than " + MOST + " bytes");
      }
      return parse(file, Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw new Fault.InvalidArgument(
          "signature policy "
              + file
              + ", line "
              + Math.max(1, e.getLocation() == null ? 1 : e.getLocation().getLineNr())
              + ": "
              + e.getOriginalMessage(),
          e);
    } catch (IOException e) {
      throw new Fault.InvalidArgument(
          "cannot read the signature policy " + file + ": " + PemKeys.cause(e), e);
    }
  }

  private static Located parse(Path file, byte[] bytes) throws IOException {
    try (JsonParser parser = Json.mapper().getFactory().createParser(bytes)) {
      parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
      if (parser.nextToken() == null) {
        throw new Fault.InvalidArgument("signature policy " + file + " is empty: want an object");
      }
      Located all = value(file, parser);
      if (parser.nextToken() != null) {
        throw new Located(file, parser.currentTokenLocation().getLineNr(), "")
            .wrong("there is something after the end of the object");
      }
      return all;
    }
  }

  private static Located value(Path file, JsonParser parser) throws IOException {
    int line = parser.currentTokenLocation().getLineNr();
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, Located> fields = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, value(file, parser));
      }
      return new Located(file, line, fields);
    }
    if (token == JsonToken.START_ARRAY) {
      List<Located> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(value(file, parser));
      }
      return new Located(file, line, items);
    }
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return new Located(file, line, parser.getBooleanValue());
    }
    // numbers and null are wanted nowhere: whoever asks for a text or a list is told
    return new Located(
        file,
        line,
        token == JsonToken.VALUE_STRING ? parser.getText() : Optional.of(parser.getText()));
  }

  /** File and line. */
  String place() {
    return file + ", line " + line;
  }

  /** What is wrong here. */
  Fault.InvalidArgument wrong(String why, Exception... cause) {
    String message = "signature policy " + place() + ": " + why;
    return cause.length == 0
        ? new Fault.InvalidArgument(message)
        : new Fault.InvalidArgument(message, cause[0]);
  }

  /** The fields of an object that may have these and no others. */
  Map<String, Located> object(String what, Set<String> known) {
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(what + " must be an object");
    }
    Map<String, Located> fields = new LinkedHashMap<>();
    map.forEach((name, field) -> {
      if (!known.contains(name.toString())) {
        throw ((Located) field)
            .wrong("unknown field \"" + name + "\" of " + what + ": known are " + known);
      }
      fields.put(name.toString(), (Located) field);
    });
    return fields;
  }

  List<Located> list(String what) {
    if (!(value instanceof List<?> items)) {
      throw wrong(what + " must be a list");
    }
    return items.stream().map(Located.class::cast).toList();
  }

  String text(String what) {
    if (!(value instanceof String text) || text.isBlank()) {
      throw wrong(what + " must be a text");
    }
    return text;
  }

  boolean truth(String what) {
    if (!(value instanceof Boolean truth)) {
      throw wrong(what + " must be true or false");
    }
    return truth;
  }
}
