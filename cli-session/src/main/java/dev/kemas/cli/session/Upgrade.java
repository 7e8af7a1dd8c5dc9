package dev.kemas.cli.session;

import dev.kemas.api.client.Endpoint;
import dev.kemas.fault.Fault;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Asks the engine to turn a connection into a session on which it calls. */
final class Upgrade {
  private static final int LARGEST_HEAD = 64 * 1024;
  private static final String PREFIX = "X-Docker-Expose-Session-";

  private Upgrade() {}

  static SocketChannel open(Endpoint engine, String id, String shared, List<String> methods) {
    StringBuilder head = new StringBuilder("POST /session HTTP/1.1\r\nHost: kemas\r\n");
    head.append("Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n");
    head.append(PREFIX).append("Uuid: ").append(id).append("\r\n");
    head.append(PREFIX).append("Name: kemas build\r\n");
    head.append(PREFIX).append("Sharedkey: ").append(shared).append("\r\n");
    for (String method : methods) {
      head.append(PREFIX).append("Grpc-Method: ").append(method).append("\r\n");
    }
    head.append("\r\n");
    try {
      SocketChannel channel = connect(engine);
      try {
        ByteBuffer bytes = StandardCharsets.US_ASCII.encode(head.toString());
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        String answer = head(channel);
        if (!answer.startsWith("HTTP/1.1 101")) {
          throw new Fault.Unavailable(
              "the engine takes no session, and so neither secrets nor folders can be lent to the"
                  + " build: "
                  + answer.lines().findFirst().orElse(""));
        }
        return channel;
      } catch (IOException | Fault e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot open a session with the engine at " + engine + ": " + e.getMessage(), e);
    }
  }

  private static SocketChannel connect(Endpoint engine) throws IOException {
    SocketAddress address =
        switch (engine) {
          case Endpoint.Unix unix -> UnixDomainSocketAddress.of(unix.path());
          case Endpoint.Tcp tcp -> new InetSocketAddress(tcp.host(), tcp.port());
        };
    if (address instanceof UnixDomainSocketAddress) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(address);
      return channel;
    }
    return SocketChannel.open(address);
  }

  /** Up to the blank line and no further: what follows is HTTP/2. */
  private static String head(SocketChannel channel) throws IOException {
    StringBuilder head = new StringBuilder();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (head.length() < LARGEST_HEAD) {
      if (channel.read(one.clear()) < 0) {
        throw new EOFException("the engine closed the connection");
      }
      head.append((char) (one.get(0) & 0xff));
      if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
        return head.toString();
      }
    }
    throw new IOException("this is no HTTP answer");
  }
}
