package dev.kemas.cli;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * An engine that answers as a test tells it: for each request, {@code METHOD /path?query} without
 * the version, the body of a 200, or {@code "404 {...}"} with another status. A request that takes
 * the connection over is answered by {@link #hijacked}.
 */
public final class FakeEngine implements AutoCloseable {
  /** What happens on a connection that a client has taken over. */
  @FunctionalInterface
  public interface Takeover {
    void serve(SocketChannel connection) throws IOException;
  }

  private final ServerSocketChannel listener;
  private final Path socket;
  private final Function<String, String> answers;
  private final Takeover hijacked;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  public FakeEngine(Path folder, Function<String, String> answers, Takeover hijacked)
      throws IOException {
    this.socket = folder.resolve("e.sock");
    this.answers = answers;
    this.hijacked = hijacked;
    this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::accept);
  }

  public String host() {
    return "unix://" + socket;
  }

  /** What was asked so far, in order. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Waits until a request was asked that fits. */
  public void await(Predicate<String> wanted) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (requests.stream().noneMatch(wanted)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not asked in 20 s; asked were " + requests);
      }
      synchronized (requests) {
        requests.wait(50);
      }
    }
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel connection = listener.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (AsynchronousCloseException closed) {
      return;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      StringBuilder got = new StringBuilder();
      ByteBuffer buffer = ByteBuffer.allocate(65536);
      while (connection.read(buffer.clear()) >= 0) {
        got.append(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
        if (!isComplete(got.toString())) {
          continue;
        }
        String text = got.toString();
        got.setLength(0);
        String[] words = text.split(" ", 3);
        String request = words[0] + " " + words[1].replaceFirst("^/v[0-9.]+", "");
        String body = text.substring(text.indexOf("\r\n\r\n") + 4);
        note(request + (body.isEmpty() ? "" : " " + body));
        if (text.contains("Upgrade: tcp")) {
          write(connection, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
          hijacked.serve(connection);
          return;
        }
        write(connection, answer(request));
      }
    } catch (IOException gone) {
      note("connection ended: " + gone.getMessage());
    }
  }

  private void note(String request) {
    synchronized (requests) {
      requests.add(request);
      requests.notifyAll();
    }
  }

  private String answer(String request) {
    String answer = answers.apply(request);
    int status = 200;
    if (answer.matches("(?s)\\d{3} .*")) {
      status = Integer.parseInt(answer.substring(0, 3));
      answer = answer.substring(4);
    }
    return "HTTP/1.1 "
        + status
        + " X\r\nApi-Version: 1.51\r\nContent-Length: "
        + answer.getBytes(StandardCharsets.UTF_8).length
        + "\r\n\r\n"
        + answer;
  }

  public static void write(SocketChannel connection, String text) throws IOException {
    ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(text);
    while (bytes.hasRemaining()) {
      connection.write(bytes);
    }
  }

  /** A frame of the multiplexed stream. */
  public static String frame(int stream, String text) {
    return (char) stream + "\0\0\0\0\0\0" + (char) text.length() + text;
  }

  private static boolean isComplete(String text) {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return false;
    }
    if (text.contains("Transfer-Encoding: chunked")) {
      return text.endsWith("0\r\n\r\n");
    }
    int at = text.indexOf("Content-Length: ");
    int length = at < 0 ? 0 : Integer.parseInt(text.substring(at + 16, text.indexOf('\r', at)));
    return text.getBytes(StandardCharsets.UTF_8).length >= end + 4 + length;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
