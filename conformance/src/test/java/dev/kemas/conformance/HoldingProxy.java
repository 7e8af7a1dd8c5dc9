package dev.kemas.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A line to a server that stops passing on what the server sends after so many bytes. */
final class HoldingProxy implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicLong passed = new AtomicLong();
  private final boolean countsServer;
  private volatile long most = Long.MAX_VALUE;

  /** Counts what the server sends. */
  HoldingProxy(String host) throws IOException {
    this(host, true);
  }

  /**
   * @param countsServer whether the server's bytes are counted and held, or the client's
   */
  HoldingProxy(String host, boolean countsServer) throws IOException {
    this.countsServer = countsServer;
    this.target = Integer.parseInt(host.substring(host.lastIndexOf(':') + 1));
    Thread.ofVirtual().start(this::accept);
  }

  String host() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** From now on so many bytes more come through; cuts what is open. */
  void allow(long bytes) {
    sockets.forEach(HoldingProxy::close);
    passed.set(0);
    most = bytes;
  }

  /** Counted bytes that came through since {@link #allow}. */
  long passed() {
    return passed.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(server);
        Thread.ofVirtual().start(() -> pass(client, server, !countsServer));
        Thread.ofVirtual().start(() -> pass(server, client, countsServer));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void pass(Socket from, Socket to, boolean counted) {
    byte[] piece = new byte[16 * 1024];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        if (counted && passed.addAndGet(n) > most) {
          Wait.until("the line is cut", java.time.Duration.ofSeconds(60), to::isClosed);
          return;
        }
        out.write(piece, 0, n);
      }
    } catch (IOException e) {
      close(to); // one end is gone
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    sockets.forEach(HoldingProxy::close);
  }
}
