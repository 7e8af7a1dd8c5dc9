package dev.kemas.cli.start;

import dev.kemas.api.client.Endpoint;
import dev.kemas.api.client.EngineClient;
import dev.kemas.cli.command.Console;
import dev.kemas.fault.Fault;
import dev.kemas.flag.UsageError;
import java.util.List;
import java.util.Map;

/** Which engine a command talks to: {@code -H}, KEMAS_HOST, DOCKER_HOST, the default socket. */
public final class Engine {
  /** Where kemasd listens unless it is told otherwise. */
  public static final String DEFAULT_SOCKET = "/run/kemas/kemas.sock";

  private Engine() {}

  /**
   * A client of the engine that is meant. On the default socket one is started if none answers and
   * this user may.
   */
  public static EngineClient open(
      List<String> hosts, Map<String, String> environment, Console console) {
    if (hosts.size() > 1) {
      throw new UsageError("specify only one -H");
    }
    String host = hosts.isEmpty() ? "" : hosts.getFirst();
    if (host.isEmpty()) {
      host = environment.getOrDefault("KEMAS_HOST", "");
    }
    if (host.isEmpty()) {
      host = environment.getOrDefault("DOCKER_HOST", "");
    }
    boolean isDefault = host.isEmpty();
    Endpoint endpoint = isDefault ? new Endpoint.Unix(DEFAULT_SOCKET) : Endpoint.parse(host);
    if (endpoint instanceof Endpoint.Tcp
        && !environment.getOrDefault("DOCKER_TLS_VERIFY", "").isEmpty()) {
      throw new Fault.Unsupported(
          "DOCKER_TLS_VERIFY is set, but connections with TLS are not there yet: log in to the host"
              + " of the engine, or forward its socket: ssh -L /tmp/kemas.sock:"
              + DEFAULT_SOCKET
              + " HOST, then -H unix:///tmp/kemas.sock");
    }
    EngineClient client = client(endpoint, environment);
    if (isDefault) {
      try {
        client.connect();
      } catch (Fault.Unavailable nobodyAnswers) {
        DaemonStart.start(nobodyAnswers, client, environment, console);
      }
    }
    return client;
  }

  private static EngineClient client(Endpoint endpoint, Map<String, String> environment) {
    String pinned = environment.getOrDefault("DOCKER_API_VERSION", "");
    return pinned.isEmpty() ? EngineClient.of(endpoint) : EngineClient.pinned(endpoint, pinned);
  }
}
