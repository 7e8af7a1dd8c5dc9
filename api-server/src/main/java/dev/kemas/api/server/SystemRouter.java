package dev.kemas.api.server;

import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.RouteTable;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.util.List;

/** {@code _ping version info plugins}. */
public final class SystemRouter extends Router {
  private final SystemBackend backend;

  public SystemRouter(SystemBackend backend) {
    this.backend = backend;
  }

  @Override
  void addTo(RouteTable routes) {
    routes
        .on("GET", "/_ping", SystemRouter::ping)
        .on("HEAD", "/_ping", SystemRouter::ping)
        .on("GET", "/version", call -> call.json(backend.version()))
        .on("GET", "/info", call -> call.json(backend.info()))
        .on("GET", "/plugins", call -> call.json(List.of()))
        .on("GET", "/plugins/{name*}/json", SystemRouter::plugin);
  }

  private static void ping(Call call) throws IOException {
    call.with("Cache-Control", "no-cache, no-store, must-revalidate")
        .with("Pragma", "no-cache")
        // 2 is BuildKit's API; the classic builder behind /build answers as well
        .with("Builder-Version", "2")
        .with("Swarm", "inactive")
        .text(200, "OK");
  }

  /** There are none; a client that looks for an object of any kind asks here last. */
  private static void plugin(Call call) {
    String name = call.variable("name");
    throw new Fault.NotFound("plugin", name, "plugin \"" + name + "\" not found");
  }
}
