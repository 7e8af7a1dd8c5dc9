package dev.kemas.network;

import dev.kemas.linux.NetworkNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Tiny servers and clients on sockets inside namespaces. A server answers who it was asked by. */
final class Talk {
  private static final int PATIENCE = 5000;
  private static final int SHORT = 400;

  private Talk() {}

  private static StandardProtocolFamily family(InetAddress a) {
    return a.getAddress().length == 4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
  }

  /** Serves TCP until it is closed: the peer's address and a text. */
  static Closeable serveTcp(NetworkNamespace where, int port, String text) {
    return serveTcp(where, port, text, StandardProtocolFamily.INET);
  }

  static Closeable serveTcp(
      NetworkNamespace where, int port, String text, StandardProtocolFamily family) {
    ServerSocketChannel server =
        where.call(() ->
            ServerSocketChannel.open(family)
                .bind(
                    new InetSocketAddress(
                        family == StandardProtocolFamily.INET ? "0.0.0.0" : "::", port)));
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              try (SocketChannel c = server.accept()) {
                String peer =
                    ((InetSocketAddress) c.getRemoteAddress()).getAddress().getHostAddress();
                c.socket()
                    .getOutputStream()
                    .write((text + " to " + peer).getBytes(StandardCharsets.UTF_8));
              }
            }
          } catch (ClosedChannelException e) {
            return;
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    return server;
  }

  /** What a TCP server said. */
  static String tcp(NetworkNamespace where, InetAddress to, int port) throws IOException {
    return tcp(where, to, port, PATIENCE);
  }

  private static String tcp(NetworkNamespace where, InetAddress to, int port, int patience)
      throws IOException {
    try (SocketChannel channel = where.call(() -> SocketChannel.open(family(to)))) {
      channel.socket().connect(new InetSocketAddress(to, port), patience);
      channel.socket().setSoTimeout(patience);
      return new String(channel.socket().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Whether a TCP connection comes about within a moment. */
  static boolean reaches(NetworkNamespace where, InetAddress to, int port) {
    try {
      tcp(where, to, port, SHORT);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Serves UDP until it is closed. */
  static Closeable serveUdp(NetworkNamespace where, int port, String text) {
    DatagramChannel server =
        where.call(() ->
            DatagramChannel.open(StandardProtocolFamily.INET)
                .bind(new InetSocketAddress("0.0.0.0", port)));
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              DatagramPacket p = new DatagramPacket(new byte[512], 512);
              server.socket().receive(p);
              byte[] answer =
                  (text + " to " + p.getAddress().getHostAddress())
                      .getBytes(StandardCharsets.UTF_8);
              server.socket().send(new DatagramPacket(answer, answer.length, p.getSocketAddress()));
            }
          } catch (SocketException e) {
            return;
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    return server;
  }

  /** What a UDP server said; asked again until it answers, as UDP wants it. */
  static String udp(NetworkNamespace where, InetAddress to, int port) throws IOException {
    try (DatagramChannel channel =
        where.call(() -> DatagramChannel.open(StandardProtocolFamily.INET))) {
      channel.connect(new InetSocketAddress(to, port));
      for (int i = 0; ; i++) {
        try {
          channel
              .socket()
              .send(new DatagramPacket(new byte[] {1}, 1, new InetSocketAddress(to, port)));
          channel.socket().setSoTimeout(SHORT);
          DatagramPacket p = new DatagramPacket(new byte[512], 512);
          channel.socket().receive(p);
          return new String(p.getData(), 0, p.getLength(), StandardCharsets.UTF_8);
        } catch (IOException e) {
          if (i > 5) {
            throw e;
          }
        }
      }
    }
  }

  /** Asks once over a connected channel; empty when nothing came back. */
  static String ask(DatagramChannel channel) {
    try {
      var to = (InetSocketAddress) channel.getRemoteAddress();
      channel.socket().send(new DatagramPacket(new byte[] {1}, 1, to));
      DatagramPacket p = new DatagramPacket(new byte[512], 512);
      channel.socket().receive(p);
      return new String(p.getData(), 0, p.getLength(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // refused or silent
    }
  }
}
