package dev.kemas.registry.server.repository;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A manifest as it was pushed. In its record the media type is the first line, the bytes follow.
 *
 * @param body to the byte; ready to be read, not to be changed
 */
public record StoredManifest(String mediaType, Digest digest, ByteBuffer body) {
  static byte[] encode(String mediaType, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(mediaType.length() + 1 + body.length);
    out.writeBytes(mediaType.getBytes(StandardCharsets.US_ASCII));
    out.write('\n');
    out.writeBytes(body);
    return out.toByteArray();
  }

  static StoredManifest decode(Digest digest, byte[] record) {
    for (int i = 0; i < record.length; i++) {
      if (record[i] == '\n') {
        return new StoredManifest(
            new String(record, 0, i, StandardCharsets.US_ASCII),
            digest,
            ByteBuffer.wrap(record, i + 1, record.length - i - 1).slice().asReadOnlyBuffer());
      }
    }
    throw new Fault.DataLoss("the record of manifest " + digest + " has no media type");
  }

  byte[] bytes() {
    byte[] bytes = new byte[body.remaining()];
    body.duplicate().get(bytes);
    return bytes;
  }
}
