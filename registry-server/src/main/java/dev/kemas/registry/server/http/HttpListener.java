package dev.kemas.registry.server.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Accepts connections. */
public final class HttpListener extends ServerConnector {
  /**
   * What may be under way to a client on this machine. No wire has to be filled there, and what is
   * more than the processor's cache holds is slower to read for the client.
   */
  private static final int LOCAL_BYTES = 256 * 1024;

  public HttpListener(Server server, ConnectionFactory... protocols) {
    super(server, null, null, null, -1, -1, protocols);
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) throws IOException {
    if (isOnThisMachine(channel)) {
      channel.setOption(StandardSocketOptions.SO_SNDBUF, LOCAL_BYTES);
    }
    return super.newEndPoint(channel, selector, key);
  }

  private static boolean isOnThisMachine(SocketChannel channel) throws IOException {
    return channel.getRemoteAddress() instanceof InetSocketAddress there
        && channel.getLocalAddress() instanceof InetSocketAddress here
        && there.getAddress().equals(here.getAddress());
  }
}
