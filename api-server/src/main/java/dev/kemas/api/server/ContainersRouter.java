package dev.kemas.api.server;

import dev.kemas.api.Filters;
import dev.kemas.api.UpdateRequest;
import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.Query;
import dev.kemas.api.server.http.RouteTable;
import dev.kemas.container.CreateRequest;
import dev.kemas.oci.Platform;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.Set;

/** Containers as objects: list, create, inspect, remove, rename, update, top, changes, prune. */
public final class ContainersRouter extends Router {
  private static final Set<String> LIST_FILTERS =
      Set.of(
          "ancestor",
          "before",
          "exited",
          "expose",
          "health",
          "id",
          "is-task",
          "isolation",
          "label",
          "label!",
          "name",
          "network",
          "publish",
          "since",
          "status",
          "volume");
  private static final Set<String> PRUNE_FILTERS = Set.of("label", "label!", "until");
  private final ContainersBackend backend;

  public ContainersRouter(ContainersBackend backend) {
    this.backend = backend;
  }

  @Override
  void addTo(RouteTable routes) {
    routes
        .on("GET", "/containers/json", this::list)
        .on("POST", "/containers/create", this::create)
        .on("POST", "/containers/prune", this::prune)
        .on("GET", "/containers/{id}/json", this::inspect)
        .on("GET", "/containers/{id}/top", this::top)
        .on("GET", "/containers/{id}/changes", call -> call.json(backend.changes(id(call))))
        .on("POST", "/containers/{id}/rename", this::rename)
        .on("POST", "/containers/{id}/update", this::update)
        .on("DELETE", "/containers/{id}", this::remove);
  }

  private static String id(Call call) {
    return call.variable("id");
  }

  private void list(Call call) throws IOException {
    Query query = call.query();
    OptionalInt limit = query.integer("limit");
    call.json(
        backend.list(
            new ContainersBackend.ListQuery(
                query.flag("all"),
                limit.isPresent() && limit.getAsInt() > 0 ? limit : OptionalInt.empty(),
                query.flag("size"),
                Filters.parse(query.text("filters")).requireOnly(LIST_FILTERS))));
  }

  private void create(Call call) throws IOException {
    CreateRequest request = call.body(CreateRequest.class);
    call.json(
        201,
        backend.create(
            call.query().value("name"),
            call.query().value("platform").map(Platform::parse),
            request));
  }

  private void inspect(Call call) throws IOException {
    call.json(backend.inspect(id(call), call.query().flag("size")));
  }

  private void top(Call call) throws IOException {
    call.json(backend.top(id(call), call.query().value("ps_args").orElse("-ef")));
  }

  private void rename(Call call) throws IOException {
    backend.rename(id(call), call.query().text("name"));
    call.status(204);
  }

  private void update(Call call) throws IOException {
    call.json(backend.update(id(call), call.body(UpdateRequest.class)));
  }

  private void remove(Call call) throws IOException {
    backend.remove(
        id(call),
        new ContainersBackend.Removal(call.query().flag("v"), call.query().flag("force")));
    call.status(204);
  }

  private void prune(Call call) throws IOException {
    call.json(
        backend.prune(Filters.parse(call.query().text("filters")).requireOnly(PRUNE_FILTERS)));
  }
}
