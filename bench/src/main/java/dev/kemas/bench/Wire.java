package dev.kemas.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A kept connection to an HTTP server on this machine. It does as little as a client can, so that
 * what is measured is the server: one buffer, no copy of what comes, no parser but for the head.
 */
final class Wire implements AutoCloseable {
  private static final String END = "\r\n\r\n";

  private final SocketChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
  private final int port;

  private Wire(SocketChannel channel, int port) {
    this.channel = channel;
    this.port = port;
    buffer.flip();
  }

  static Wire to(int port) throws IOException {
    return new Wire(
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)), port);
  }

  /** The head of an answer, whose body is read by {@link #skip}. */
  record Answer(int status, String head) {
    /** A header's value; empty when it is not there. */
    Optional<String> header(String name) {
      return head.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst();
    }

    long length() {
      return header("content-length").map(Long::parseLong).orElse(0L);
    }
  }

  /** Sends the head of a request and, if it has one, the body. */
  void send(String method, String path, String headers, ByteBuffer... body) throws IOException {
    String head =
        method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + headers + "\r\n";
    send(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
    for (ByteBuffer part : body) {
      send(part);
    }
  }

  void send(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Waits for an answer and fails unless it has this status. */
  Answer expect(int status) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(END) < 0) {
      if (!buffer.hasRemaining()) {
        fill();
      }
      text.append((char) buffer.get());
    }
    Answer answer = new Answer(Integer.parseInt(text.substring(9, 12)), text.toString());
    if (answer.status() != status) {
      throw new IOException("want status " + status + ", not: " + text);
    }
    return answer;
  }

  /** Reads the body of an answer and forgets it. */
  void skip(Answer answer) throws IOException {
    long left = answer.length();
    while (left > 0) {
      if (!buffer.hasRemaining()) {
        fill();
      }
      int n = (int) Math.min(left, buffer.remaining());
      buffer.position(buffer.position() + n);
      left -= n;
    }
  }

  private void fill() throws IOException {
    buffer.clear();
    int n = channel.read(buffer);
    buffer.flip();
    if (n < 0) {
      throw new EOFException("the server on port " + port + " breaks off");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
