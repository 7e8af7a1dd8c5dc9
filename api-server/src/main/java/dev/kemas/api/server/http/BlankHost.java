package dev.kemas.api.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.util.BufferUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets requests in that say nothing but a blank behind {@code Host:}. Docker's own client does so
 * when it asks for an upgrade, and RFC 9112 §3.2 allows it; the HTTP parser here does not. Looks
 * only at the first request of a connection, which is where such requests are.
 */
public final class BlankHost extends AbstractConnectionFactory {
  private static final String PROTOCOL = "any-host";
  private static final int MOST = 4096;
  private static final Pattern BLANK =
      Pattern.compile("\\APOST /[^\r\n]*(?:\r\n[^\r\n]+)*?\r\nHost:( +)\r\n");

  private final HttpConnectionFactory http;

  /**
   * @param http takes the connection over
   */
  public BlankHost(HttpConnectionFactory http) {
    super(PROTOCOL);
    this.http = http;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    return configure(new FirstHead(connector, endPoint), connector, endPoint);
  }

  /** Reads the head of the first request, or as much of it as decides. */
  private final class FirstHead extends AbstractConnection implements Connection.UpgradeFrom {
    private static final Logger LOG = LoggerFactory.getLogger(FirstHead.class);
    private final Connector connector;
    private final ByteBuffer head = BufferUtil.allocate(MOST);

    FirstHead(Connector connector, EndPoint endPoint) {
      super(endPoint, connector.getExecutor());
      this.connector = connector;
    }

    @Override
    public void onOpen() {
      super.onOpen();
      fillInterested();
    }

    @Override
    public void onFillable() {
      try {
        int filled = getEndPoint().fill(head);
        while (filled > 0 && !decided()) {
          filled = getEndPoint().fill(head);
        }
        if (filled > 0) {
          getEndPoint().upgrade(http.newConnection(connector, getEndPoint()));
        } else if (filled == 0) {
          fillInterested();
        } else {
          close();
        }
      } catch (IOException e) {
        LOG.debug("a client went away before its first request: {}", e.toString());
        close();
      }
    }

    /** Mends the head; false when more of it must be seen. */
    private boolean decided() {
      String text = BufferUtil.toString(head, StandardCharsets.ISO_8859_1);
      Matcher blank = BLANK.matcher(text);
      if (blank.find()) {
        // a host that nobody looks at, in the place of the blank
        head.put(head.position() + blank.start(1), (byte) '-');
        return true;
      }
      boolean may = text.startsWith("POST /") || "POST /".startsWith(text);
      return !may || text.contains("\r\n\r\n") || BufferUtil.space(head) == 0;
    }

    @Override
    public ByteBuffer onUpgradeFrom() {
      return head;
    }
  }
}
