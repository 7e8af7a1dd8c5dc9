package dev.kemas.api.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One connection and what is buffered of it. One thread may read while another writes; closing it
 * wakes both.
 */
final class Connection implements AutoCloseable {
  private static final int MAX_HEADER = 64 * 1024;

  private final SocketChannel channel;
  private final byte[] buffer = new byte[32 * 1024];
  private int position;
  private int limit;

  private Connection(SocketChannel channel) {
    this.channel = channel;
  }

  static Connection open(Endpoint endpoint) {
    try {
      if (endpoint instanceof Endpoint.Unix unix) {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        return connected(channel, UnixDomainSocketAddress.of(unix.path()));
      }
      Endpoint.Tcp tcp = (Endpoint.Tcp) endpoint;
      InetSocketAddress address = new InetSocketAddress(tcp.host(), tcp.port());
      if (address.isUnresolved()) {
        throw new IOException("the host name " + tcp.host() + " is not known");
      }
      SocketChannel channel = SocketChannel.open();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      return connected(channel, address);
    } catch (IOException e) {
      throw Faults.cannotConnect(endpoint, e);
    }
  }

  private static Connection connected(SocketChannel channel, SocketAddress address)
      throws IOException {
    try {
      channel.connect(address);
      return new Connection(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Sends a request with its body. An upgrade asks for the connection itself after the answer. */
  void send(Request request, String version, boolean upgrade) throws IOException {
    StringBuilder head = new StringBuilder(256);
    head.append(request.method()).append(' ').append(request.target(version));
    head.append(" HTTP/1.1\r\nHost: kemas\r\nUser-Agent: Kemas-Client (linux)\r\n");
    for (Map.Entry<String, String> header : request.headers().entrySet()) {
      head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
    }
    if (upgrade) {
      head.append("Connection: Upgrade\r\nUpgrade: tcp\r\n");
    }
    Optional<Request.BodyWriter> stream = request.stream();
    if (stream.isPresent()) {
      head.append("Transfer-Encoding: chunked\r\n\r\n");
      write(head.toString().getBytes(StandardCharsets.UTF_8));
      ChunkedOutput out = new ChunkedOutput(this);
      stream.get().writeTo(out);
      out.finish();
      return;
    }
    byte[] body = request.body();
    if (!request.isSafe() || body.length > 0) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    byte[] whole = new byte[start.length + body.length];
    System.arraycopy(start, 0, whole, 0, start.length);
    System.arraycopy(body, 0, whole, start.length, body.length);
    write(whole);
  }

  void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(bytes, offset, length);
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  /** Reads a status line and headers. Header names come in lower case. */
  Head readHead() throws IOException {
    String statusLine = readLine();
    int space = statusLine.indexOf(' ');
    if (!statusLine.startsWith("HTTP/1.") || space < 0 || statusLine.length() < space + 4) {
      throw new IOException("this is no HTTP answer: " + statusLine);
    }
    int status;
    try {
      status = Integer.parseInt(statusLine.substring(space + 1, space + 4));
    } catch (NumberFormatException e) {
      throw new IOException("this is no HTTP answer: " + statusLine, e);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon).trim().toLowerCase(Locale.ROOT);
        headers.put(name, line.substring(colon + 1).trim());
      }
    }
    return new Head(status, headers);
  }

  /** Status and headers of an answer. */
  record Head(int status, Map<String, String> headers) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** A line without its end. */
  String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      if (position == limit && fill() < 0) {
        throw new EOFException("the server closed the connection without an answer");
      }
      for (int i = position; i < limit; i++) {
        if (buffer[i] == '\n') {
          line.append(new String(buffer, position, i - position, StandardCharsets.UTF_8));
          position = i + 1;
          int end = line.length();
          if (end > 0 && line.charAt(end - 1) == '\r') {
            line.setLength(end - 1);
          }
          return line.toString();
        }
      }
      line.append(new String(buffer, position, limit - position, StandardCharsets.UTF_8));
      position = limit;
      if (line.length() > MAX_HEADER) {
        throw new IOException("the server sent a header line of more than 64 KiB");
      }
    }
  }

  int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == limit) {
      if (length >= buffer.length) {
        return channel.read(ByteBuffer.wrap(target, offset, length));
      }
      if (fill() < 0) {
        return -1;
      }
    }
    int count = Math.min(length, limit - position);
    System.arraycopy(buffer, position, target, offset, count);
    position += count;
    return count;
  }

  private int fill() throws IOException {
    int count = channel.read(ByteBuffer.wrap(buffer));
    position = 0;
    limit = Math.max(0, count);
    return count;
  }

  /** What comes in, raw, to the end of the connection. */
  InputStream input() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return Connection.this.read(target, offset, length);
      }

      @Override
      public void close() throws IOException {
        Connection.this.close();
      }
    };
  }

  /** What goes out, raw. */
  OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        Connection.this.write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        Connection.this.write(bytes, offset, length);
      }
    };
  }

  /** Says that nothing more goes out; what comes in goes on. */
  void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
