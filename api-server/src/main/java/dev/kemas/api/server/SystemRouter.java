package dev.kemas.api.server;

import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.RouteTable;
import dev.kemas.fault.Fault;
import java.io.IOException;

/** {@code _ping version info auth}. */
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
        .on("POST", "/auth", SystemRouter::auth);
  }

  private static void ping(Call call) throws IOException {
    call.with("Cache-Control", "no-cache, no-store, must-revalidate")
        .with("Pragma", "no-cache")
        // 1 is the classic builder, the one behind /build
        .with("Builder-Version", "1")
        .with("Swarm", "inactive")
        .text(200, "OK");
  }

  private static void auth(Call call) {
    throw new Fault.Unsupported(
        "checking credentials is not built yet: they are used as they are when an image is pulled");
  }
}
