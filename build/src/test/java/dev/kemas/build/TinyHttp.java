package dev.kemas.build;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers each GET with its path as the body, or 404 for a path that begins with /missing. */
final class TinyHttp implements AutoCloseable {
  final AtomicInteger requests = new AtomicInteger();
  private final ServerSocket listener;

  TinyHttp() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::serve);
  }

  String address() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        answer(socket);
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void answer(Socket socket) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    String first = in.readLine();
    if (first == null) {
      return;
    }
    for (String line = first; line != null && !line.isEmpty(); line = in.readLine()) {
      // the headers do not matter
    }
    requests.incrementAndGet();
    String path = first.split(" ")[1].replaceFirst("[?].*", "");
    String status = path.startsWith("/missing") ? "404 Not Found" : "200 OK";
    String head =
        "HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n"
            + "Last-Modified: Sat, 03 Feb 2001 04:05:06 GMT\r\n\r\n%s";
    OutputStream out = socket.getOutputStream();
    out.write(head.formatted(status, path.length(), path).getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
