package dev.kemas.api.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Speaks HTTP/1.1 byte by byte over a unix socket, so that tests see what a server really sends.
 */
final class RawClient implements AutoCloseable {
  private final SocketChannel channel;
  private boolean withinChunks;
  private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024).flip();

  RawClient(Path socket) throws IOException {
    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
  }

  record Head(int status, Map<String, String> headers) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  record Answer(Head head, String body) {
    int status() {
      return head.status();
    }
  }

  /** One request on a connection of its own. */
  static Answer ask(Path socket, String method, String path, String body, String... headers)
      throws IOException {
    try (RawClient client = new RawClient(socket)) {
      client.send(method, path, body, headers);
      Head head = client.head();
      return new Answer(head, client.body(head, method));
    }
  }

  void send(String method, String path, String body, String... headers) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder request =
        new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: docker\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    if (bytes.length > 0) {
      if (String.join("\n", headers).indexOf("Content-Type") < 0) {
        request.append("Content-Type: application/json\r\n");
      }
      request.append("Content-Length: ").append(bytes.length).append("\r\n");
    }
    write((request + "\r\n" + body).getBytes(StandardCharsets.UTF_8));
  }

  void write(byte[] bytes) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  void endOutput() throws IOException {
    channel.shutdownOutput();
  }

  Head head() throws IOException {
    String line = line();
    int status = Integer.parseInt(line.split(" ", 3)[1]);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return new Head(status, headers);
  }

  String body(Head head, String method) throws IOException {
    if (method.equals("HEAD") || head.status() == 204 || head.status() == 304) {
      return "";
    }
    if (head.header("Transfer-Encoding").equals("chunked")) {
      StringBuilder body = new StringBuilder();
      for (String piece = chunk(); !piece.isEmpty(); piece = chunk()) {
        body.append(piece);
      }
      return body.toString();
    }
    String length = head.header("Content-Length");
    return length.isEmpty() ? rest() : exactly(Integer.parseInt(length));
  }

  /** The next chunk of a body, empty at its end. */
  String chunk() throws IOException {
    if (withinChunks) {
      line(); // the end of the one before may come with this one only
    }
    withinChunks = true;
    int length = Integer.parseInt(line(), 16);
    String piece = exactly(length);
    if (length == 0) {
      line();
      withinChunks = false;
    }
    return piece;
  }

  String exactly(int length) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (bytes.size() < length) {
      bytes.write(next());
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  String rest() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (more()) {
      bytes.write(buffer.get());
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      char c = (char) (next() & 0xFF);
      if (c == '\n') {
        return line.toString().stripTrailing();
      }
      line.append(c);
    }
  }

  private byte next() throws IOException {
    if (!more()) {
      throw new IOException("the server closed the connection");
    }
    return buffer.get();
  }

  private boolean more() throws IOException {
    if (buffer.hasRemaining()) {
      return true;
    }
    buffer.clear();
    int read = channel.read(buffer);
    buffer.flip();
    return read > 0;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
