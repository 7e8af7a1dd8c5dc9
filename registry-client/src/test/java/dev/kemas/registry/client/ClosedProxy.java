package dev.kemas.registry.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy that wants to know who calls (RFC 9110, 11.7). Whatever host it is asked for, it
 * goes to one port of this machine, so that names that are nobody's can be used.
 */
final class ClosedProxy implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  private final int target;
  private final String wanted;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  final List<String> answered = new CopyOnWriteArrayList<>();

  ClosedProxy(String registry, String wanted) throws IOException {
    this.target = Integer.parseInt(registry.substring(registry.lastIndexOf(':') + 1));
    this.wanted = wanted;
    Thread.ofVirtual().start(this::accept);
  }

  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        sockets.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      sockets.add(server);
      String head = head(client.getInputStream());
      String[] line = head.substring(0, head.indexOf("\r\n")).split(" ");
      if (!head.contains("Proxy-Authorization: " + wanted + "\r\n")) {
        answered.add("407 " + line[0]);
        write(
            client,
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                + "Content-Length: 0\r\nConnection: close\r\n\r\n");
        return;
      }
      answered.add("200 " + line[0] + " " + line[1]);
      if (line[0].equals("CONNECT")) {
        server.setSoTimeout(1000); // who speaks no TLS waits for a line that never ends
        write(client, "HTTP/1.1 200 Connection established\r\n\r\n");
      } else {
        String path = line[1].replaceFirst("^http://[^/]*", "");
        write(
            server,
            head.replaceFirst(
                    "[^\r\n]*\r\n", line[0] + " " + path + " HTTP/1.1\r\nConnection: close\r\n")
                .replaceFirst("Proxy-Authorization: [^\r\n]*\r\n", ""));
      }
      Thread up = Thread.ofVirtual().start(() -> pass(client, server));
      pass(server, client);
      client.close();
      up.join();
    } catch (IOException e) {
      return; // one of them is gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("no request");
      }
      head.append((char) b);
    }
    return head.toString();
  }

  private static void write(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void pass(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException e) {
      return; // one of them is gone
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
