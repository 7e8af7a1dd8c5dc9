package dev.kemas.guard;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * One way in which a secret may stand in a file.
 *
 * @param secret its id
 * @param form {@code as it is}, {@code in base64} or {@code URL-encoded}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SecretForm(String secret, String form, byte[] bytes) {
  /** Shorter values would be found everywhere. */
  static final int SHORTEST = 6;

  private static final String UNRESERVED = "-._~";

  /** All forms of a value; none when it is too short to be searched. */
  static List<SecretForm> of(SecretValue secret) {
    byte[] value = withoutLineEnd(secret.value());
    List<SecretForm> forms = new ArrayList<>();
    if (value.length < SHORTEST) {
      return forms;
    }
    add(forms, new SecretForm(secret.id(), "as it is", value));
    for (int offset = 0; offset < 3; offset++) {
      add(forms, base64(secret.id(), value, offset, Base64.getEncoder()));
      add(forms, base64(secret.id(), value, offset, Base64.getUrlEncoder()));
    }
    add(forms, percent(secret.id(), value, "%%%02X", "%20"));
    add(forms, percent(secret.id(), value, "%%%02x", "%20"));
    add(forms, percent(secret.id(), value, "%%%02X", "+"));
    return forms;
  }

  private static void add(List<SecretForm> forms, SecretForm form) {
    if (forms.stream().noneMatch(known -> Arrays.equals(known.bytes, form.bytes))) {
      forms.add(form);
    }
  }

  /** A file's last line end is rarely part of the secret, and rarely copied along. */
  private static byte[] withoutLineEnd(byte[] value) {
    int end = value.length;
    while (end > 0 && (value[end - 1] == '\n' || value[end - 1] == '\r')) {
      end--;
    }
    return Arrays.copyOf(value, end);
  }

  /** Those characters that depend on the value alone when it begins at that offset of three. */
  private static SecretForm base64(String id, byte[] value, int offset, Base64.Encoder encoder) {
    byte[] padded = new byte[offset + value.length];
    System.arraycopy(value, 0, padded, offset, value.length);
    byte[] encoded = encoder.withoutPadding().encode(padded);
    int from = (offset * 8 + 5) / 6;
    int to = padded.length * 8 / 6;
    return new SecretForm(id, "in base64", Arrays.copyOfRange(encoded, from, to));
  }

  private static SecretForm percent(String id, byte[] value, String escape, String blank) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte b : value) {
      int c = b & 0xff;
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
      if (plain) {
        out.write(c);
      } else {
        String text = c == ' ' ? blank : escape.formatted(c);
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
      }
    }
    return new SecretForm(id, "URL-encoded", out.toByteArray());
  }
}
