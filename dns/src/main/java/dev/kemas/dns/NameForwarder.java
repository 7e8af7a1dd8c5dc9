package dev.kemas.dns;

import dev.kemas.address.Subnet;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other name servers, from the host's namespace. A query goes out as it came and the answer
 * comes back as it is, so whatever extensions the two sides speak pass through. Safe for any
 * thread; waits.
 */
final class NameForwarder {
  private static final Logger LOG = LoggerFactory.getLogger(NameForwarder.class);
  private static final int PORT = 53;
  private static final int UDP_MILLIS = 2500;
  private static final int TCP_MILLIS = 5000;
  private static final int HEADER = 12;
  private static final int SERVFAIL = 2;
  private static final int REFUSED = 5;

  private final NameService.Outward outward;

  NameForwarder(NameService.Outward outward) {
    this.outward = outward;
  }

  /** The answer of the first server that has one; a refusal only if no other says more. */
  Optional<byte[]> ask(byte[] query, boolean tcp, List<InetAddress> servers) {
    Optional<byte[]> refusal = Optional.empty();
    for (InetAddress server : servers) {
      try {
        InetSocketAddress address = new InetSocketAddress(server, PORT);
        byte[] response = tcp ? askTcp(query, address) : askUdp(query, address);
        int code = response[3] & 0xf;
        if (code != SERVFAIL && code != REFUSED) {
          return Optional.of(response);
        }
        refusal = Optional.of(response);
      } catch (Exception e) {
        LOG.debug("name server {} gave no answer: {}", Subnet.text(server), e.toString());
      }
    }
    return refusal;
  }

  private byte[] askUdp(byte[] query, InetSocketAddress server) throws Exception {
    StandardProtocolFamily family = family(server);
    try (DatagramChannel channel = outward.open(() -> DatagramChannel.open(family))) {
      // connected: a random port of its own, and nobody but the server is heard
      channel.connect(server);
      var socket = channel.socket();
      socket.send(new DatagramPacket(query, query.length, server));
      long deadline = System.nanoTime() + UDP_MILLIS * 1_000_000L;
      byte[] room = new byte[65535];
      while (true) {
        long left = (deadline - System.nanoTime()) / 1_000_000L;
        socket.setSoTimeout((int) Math.max(1, left));
        DatagramPacket packet = new DatagramPacket(room, room.length);
        socket.receive(packet);
        byte[] response = Arrays.copyOf(room, packet.getLength());
        if (matches(query, response)) {
          return response;
        }
      }
    }
  }

  private byte[] askTcp(byte[] query, InetSocketAddress server) throws Exception {
    StandardProtocolFamily family = family(server);
    try (SocketChannel channel = outward.open(() -> SocketChannel.open(family))) {
      var socket = channel.socket();
      socket.connect(server, TCP_MILLIS);
      socket.setSoTimeout(TCP_MILLIS);
      OutputStream out = socket.getOutputStream();
      out.write(framed(query));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] response = new byte[in.readUnsignedShort()];
      in.readFully(response);
      if (!matches(query, response)) {
        throw new IOException("an answer to another question");
      }
      return response;
    }
  }

  private static StandardProtocolFamily family(InetSocketAddress server) {
    return server.getAddress().getAddress().length == 4
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  /** With its length in front, as a stream carries it (RFC 1035, section 4.2.2). */
  static byte[] framed(byte[] message) {
    byte[] framed = new byte[message.length + 2];
    framed[0] = (byte) (message.length >> 8);
    framed[1] = (byte) message.length;
    System.arraycopy(message, 0, framed, 2, message.length);
    return framed;
  }

  /** An answer to this very question: the same id and, without regard to case, the same name. */
  private static boolean matches(byte[] query, byte[] response) {
    if (response.length < HEADER || response[0] != query[0] || response[1] != query[1]) {
      return false;
    }
    if ((response[2] & 0x80) == 0) {
      return false;
    }
    int end = questionEnd(query);
    if (response[4] == 0 && response[5] == 0) {
      return true; // an error may come without the question
    }
    if (response.length < end) {
      return false;
    }
    for (int i = HEADER; i < end; i++) {
      if (lower(query[i]) != lower(response[i])) {
        return false;
      }
    }
    return true;
  }

  private static int questionEnd(byte[] query) {
    int at = HEADER;
    while (at < query.length && query[at] != 0) {
      at += 1 + (query[at] & 0xff);
    }
    return Math.min(query.length, at + 5);
  }

  private static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + 32 : b;
  }
}
