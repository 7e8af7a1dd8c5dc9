package dev.kemas.api.client;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on a unix socket that answers each request with the next of its scripted answers. */
final class ScriptedServer implements AutoCloseable {
  private final ServerSocketChannel listener;
  private final List<String> answers;
  private final AtomicInteger next = new AtomicInteger();
  final List<String> requests = new CopyOnWriteArrayList<>();
  final AtomicInteger connections = new AtomicInteger();
  final Path socket;

  ScriptedServer(Path directory, String... answers) throws IOException {
    this.socket = directory.resolve("s.sock");
    this.answers = List.of(answers);
    this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::accept);
  }

  EngineClient client() {
    return EngineClient.of(new Endpoint.Unix(socket.toString()));
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = listener.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(channel));
      }
    } catch (AsynchronousCloseException closed) {
      return;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      StringBuilder got = new StringBuilder();
      ByteBuffer buffer = ByteBuffer.allocate(65536);
      while (channel.read(buffer.clear()) >= 0) {
        got.append(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
        if (isComplete(got.toString())) {
          requests.add(got.toString());
          got.setLength(0);
          int index = next.getAndIncrement();
          if (index >= answers.size() || answers.get(index).isEmpty()) {
            return;
          }
          channel.write(StandardCharsets.UTF_8.encode(answers.get(index)));
          if (answers.get(index).contains("Connection: close")) {
            return;
          }
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isComplete(String text) {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return false;
    }
    if (text.contains("chunked")) {
      return text.endsWith("0\r\n\r\n");
    }
    int at = text.indexOf("Content-Length: ");
    int length = at < 0 ? 0 : Integer.parseInt(text.substring(at + 16, text.indexOf('\r', at)));
    return text.length() >= end + 4 + length;
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
