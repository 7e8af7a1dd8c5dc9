package dev.kemas.api.server;

import dev.kemas.api.ConnectRequest;
import dev.kemas.api.DisconnectRequest;
import dev.kemas.api.Filters;
import dev.kemas.api.NetworkRequest;
import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.RouteTable;
import java.io.IOException;
import java.util.Set;

/** {@code /networks}. */
public final class NetworksRouter extends Router {
  private static final Set<String> LIST_FILTERS =
      Set.of("dangling", "driver", "id", "label", "label!", "name", "scope", "type");
  private static final Set<String> PRUNE_FILTERS = Set.of("label", "label!", "until");
  private final NetworksBackend backend;

  public NetworksRouter(NetworksBackend backend) {
    this.backend = backend;
  }

  @Override
  void addTo(RouteTable routes) {
    routes
        .on("GET", "/networks", this::list)
        .on("POST", "/networks/create", this::create)
        .on("POST", "/networks/prune", this::prune)
        .on("GET", "/networks/{id}", call -> call.json(backend.inspect(call.variable("id"))))
        .on("DELETE", "/networks/{id}", this::remove)
        .on("POST", "/networks/{id}/connect", this::connect)
        .on("POST", "/networks/{id}/disconnect", this::disconnect);
  }

  private void list(Call call) throws IOException {
    call.json(backend.list(Filters.parse(call.query().text("filters")).requireOnly(LIST_FILTERS)));
  }

  private void create(Call call) throws IOException {
    call.json(201, backend.create(call.body(NetworkRequest.class)));
  }

  private void remove(Call call) throws IOException {
    backend.remove(call.variable("id"));
    call.status(204);
  }

  private void connect(Call call) throws IOException {
    backend.connect(call.variable("id"), call.body(ConnectRequest.class));
    call.status(200);
  }

  private void disconnect(Call call) throws IOException {
    backend.disconnect(call.variable("id"), call.body(DisconnectRequest.class));
    call.status(200);
  }

  private void prune(Call call) throws IOException {
    call.json(
        backend.prune(Filters.parse(call.query().text("filters")).requireOnly(PRUNE_FILTERS)));
  }
}
