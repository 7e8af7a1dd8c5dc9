package dev.kemas.api.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.net.URI;
import java.time.DateTimeException;
import java.time.OffsetDateTime;

/** The formats that the specification names. */
final class Formats {
  private Formats() {}

  /** Whether the value has the format; one that is not known is not judged. */
  static boolean fits(String format, JsonNode value) {
    return switch (format) {
      case "int8", "int16", "int32", "int64" ->
          within(value, Integer.parseInt(format.substring(3)) - 1, true);
      case "uint8", "uint16", "uint32", "uint64" ->
          within(value, Integer.parseInt(format.substring(4)), false);
      case "date-time", "dateTime" -> isTime(value.asText());
      case "uri" -> isUri(value.asText());
      case "ip-address" -> value.asText().matches("[0-9a-fA-F.:]*");
      default -> true;
    };
  }

  private static boolean within(JsonNode value, int bits, boolean signed) {
    BigInteger number = value.bigIntegerValue();
    return number.signum() >= 0
        ? number.bitLength() <= bits
        : signed && number.negate().subtract(BigInteger.ONE).bitLength() <= bits;
  }

  private static boolean isTime(String text) {
    try {
      OffsetDateTime.parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isUri(String text) {
    try {
      URI.create(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
