package dev.kemas.runtime;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * A piece of a container's output.
 *
 * @param content its bytes, read-only, with the line feed where the program wrote one
 */
public record LogLine(Instant at, Attachment.Stream stream, ByteBuffer content) {
  public LogLine {
    content = content.asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer content() {
    return content.duplicate();
  }

  /**
   * Reads a line of conmon's k8s-file format: time, stream, {@code F} or {@code P} for a full line
   * or a part of one, text.
   *
   * @return empty for a line that is none, such as one cut by a crash
   */
  static Optional<LogLine> parse(byte[] line, int from, int to) {
    int time = find(line, from, to);
    int stream = find(line, time + 1, to);
    int tag = stream + 2;
    if (time < 0 || stream < 0 || tag >= to || line[tag] != ' ') {
      return Optional.empty();
    }
    boolean full = line[tag - 1] == 'F';
    byte[] content = new byte[to - tag - 1 + (full ? 1 : 0)];
    System.arraycopy(line, tag + 1, content, 0, to - tag - 1);
    if (full) {
      content[content.length - 1] = '\n';
    }
    String name = new String(line, time + 1, stream - time - 1, StandardCharsets.US_ASCII);
    try {
      return Optional.of(
          new LogLine(
              OffsetDateTime.parse(new String(line, from, time - from, StandardCharsets.US_ASCII))
                  .toInstant(),
              name.equals("stderr") ? Attachment.Stream.STDERR : Attachment.Stream.STDOUT,
              ByteBuffer.wrap(content)));
    } catch (DateTimeParseException cut) {
      return Optional.empty();
    }
  }

  private static int find(byte[] line, int from, int to) {
    for (int i = Math.max(from, 0); i < to; i++) {
      if (line[i] == ' ') {
        return i;
      }
    }
    return -1;
  }
}
