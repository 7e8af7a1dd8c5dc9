package dev.kemas.registry.server.command;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Asks a registry on this machine whether it answers: what the health check of its image runs,
 * which has no other program. Loads next to nothing. Ends with 1 when there is no answer.
 */
public final class Health {
  private static final int MILLIS = 5_000;

  private static final String OK = "HTTP/1.1 200";

  /** The type of an alert (RFC 8446, section 5.1): what a server with TLS says to plain text. */
  private static final byte ALERT = 0x15;

  private Health() {}

  /** One argument: ADDRESS:PORT. */
  public static void main(String[] arguments) {
    String address = arguments.length == 1 ? arguments[0] : "127.0.0.1:5000";
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon);
    int port = Integer.parseInt(address.substring(colon + 1));
    try {
      if (!answers(host, port)) {
        System.err.println("kemas: the registry at " + address + " answers what is no HTTP 200");
        System.exit(1);
      }
    } catch (IOException e) {
      System.err.println(
          "kemas: the registry at " + address + " does not answer: " + e.getMessage());
      System.exit(1);
    }
  }

  private static boolean answers(String host, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), MILLIS);
      socket.setSoTimeout(MILLIS);
      socket
          .getOutputStream()
          .write(
              "GET /v1/_ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] begin = socket.getInputStream().readNBytes(OK.length());
      return Arrays.equals(begin, OK.getBytes(StandardCharsets.US_ASCII))
          || (begin.length > 0 && begin[0] == ALERT);
    }
  }
}
