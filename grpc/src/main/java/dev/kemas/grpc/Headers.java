package dev.kemas.grpc;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/** What gRPC writes into the headers and trailers of HTTP/2 (gRPC, PROTOCOL-HTTP2.md). */
final class Headers {
  static final String STATUS = "grpc-status";
  static final String MESSAGE = "grpc-message";
  static final String DETAILS = "grpc-status-details-bin";
  static final String CONTENT_TYPE = "application/grpc";
  private static final String ENCODING = "grpc-encoding";
  private static final Set<String> NOT_METADATA =
      Set.of("content-type", "te", "user-agent", ENCODING, "grpc-accept-encoding", "grpc-timeout");
  private static final Pattern TIMEOUT = Pattern.compile("(\\d{1,8})([HMSmun])");

  private Headers() {}

  static HttpFields.Mutable request(Map<String, List<String>> metadata) {
    HttpFields.Mutable fields =
        HttpFields.build().put("te", "trailers").put("content-type", CONTENT_TYPE);
    metadata.forEach((name, values) -> values.forEach(value -> fields.add(name, value)));
    return fields;
  }

  static Map<String, List<String>> metadata(HttpFields fields) {
    Map<String, List<String>> metadata = new TreeMap<>();
    for (HttpField field : fields) {
      String name = field.getLowerCaseName();
      if (!name.startsWith(":") && !NOT_METADATA.contains(name)) {
        String value = field.getValue();
        metadata.computeIfAbsent(name, _ -> new ArrayList<>()).add(value == null ? "" : value);
      }
    }
    return metadata;
  }

  /** The compression of the messages, when there is one. */
  static Optional<String> compression(HttpFields fields) {
    return Optional.ofNullable(fields.get(ENCODING)).filter(name -> !name.equals("identity"));
  }

  /** How long the caller waits; empty: for ever. */
  static Optional<Duration> timeout(HttpFields fields) {
    String text = fields.get("grpc-timeout");
    if (text == null) {
      return Optional.empty();
    }
    Matcher matcher = TIMEOUT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "H" -> Duration.ofHours(count);
          case "M" -> Duration.ofMinutes(count);
          case "S" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMillis(count);
          case "u" -> Duration.ofNanos(count * 1000);
          default -> Duration.ofNanos(count);
        });
  }

  /** Percent-encodes all but printable ASCII. */
  static String encode(String message) {
    StringBuilder text = new StringBuilder();
    for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b <= '~' && b != '%') {
        text.append((char) b);
      } else {
        text.append('%').append(String.format(Locale.ROOT, "%02X", b & 0xFF));
      }
    }
    return text.toString();
  }

  /** The reverse; what is no encoding stays as it is. */
  static String decode(String text) {
    byte[] from = text.getBytes(StandardCharsets.UTF_8);
    byte[] to = new byte[from.length];
    int length = 0;
    for (int i = 0; i < from.length; i++) {
      int high = from[i] == '%' && i + 2 < from.length ? Character.digit(from[i + 1], 16) : -1;
      int low = high >= 0 ? Character.digit(from[i + 2], 16) : -1;
      if (low >= 0) {
        to[length] = (byte) (high * 16 + low);
        i += 2;
      } else {
        to[length] = from[i];
      }
      length++;
    }
    return new String(to, 0, length, StandardCharsets.UTF_8);
  }
}
