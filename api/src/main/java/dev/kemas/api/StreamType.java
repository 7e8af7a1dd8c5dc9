package dev.kemas.api;

import dev.kemas.fault.Fault;
import java.nio.ByteBuffer;

/**
 * The streams of a container that share one connection when it has no terminal. Each chunk is led
 * by eight bytes: the stream's number, three zeros, the length as a big-endian number (Engine API,
 * {@code ContainerAttach}, "Stream format").
 */
public enum StreamType {
  STDIN(0),
  STDOUT(1),
  STDERR(2),
  /** An error of the daemon while it streams. */
  SYSTEM_ERROR(3);

  private final byte number;

  StreamType(int number) {
    this.number = (byte) number;
  }

  /** How long the header of a frame is, in bytes. */
  public static final int HEADER = 8;

  /** The content type of such frames, from API 1.42 on. */
  public static final String MULTIPLEXED = "application/vnd.docker.multiplexed-stream";

  /** The content type of plain bytes, and of frames for older clients. */
  public static final String RAW = "application/vnd.docker.raw-stream";

  /**
   * The stream of a number in a header.
   *
   * @throws Fault.DataLoss when there is none
   */
  public static StreamType of(int number) {
    for (StreamType type : values()) {
      if (type.number == number) {
        return type;
      }
    }
    throw new Fault.DataLoss("unrecognized stream: " + number);
  }

  /** The header of a chunk of so many bytes. */
  public ByteBuffer header(int length) {
    return ByteBuffer.allocate(HEADER).put(number).position(4).putInt(length).flip();
  }
}
