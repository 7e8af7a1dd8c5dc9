package dev.kemas.api.server;

import dev.kemas.api.Filters;
import dev.kemas.api.VolumeList;
import dev.kemas.api.VolumeRequest;
import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.RouteTable;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** {@code /volumes}. */
public final class VolumesRouter extends Router {
  private static final Set<String> LIST_FILTERS =
      Set.of("dangling", "driver", "label", "label!", "name");
  private static final Set<String> PRUNE_FILTERS = Set.of("all", "label", "label!");
  private final VolumesBackend backend;

  public VolumesRouter(VolumesBackend backend) {
    this.backend = backend;
  }

  @Override
  void addTo(RouteTable routes) {
    routes
        .on("GET", "/volumes", this::list)
        .on("POST", "/volumes/create", this::create)
        .on("POST", "/volumes/prune", this::prune)
        .on("GET", "/volumes/{name}", call -> call.json(backend.inspect(call.variable("name"))))
        .on("DELETE", "/volumes/{name}", this::remove);
  }

  private void list(Call call) throws IOException {
    Filters filters = Filters.parse(call.query().text("filters")).requireOnly(LIST_FILTERS);
    call.json(new VolumeList(backend.list(filters), List.of()));
  }

  private void create(Call call) throws IOException {
    call.json(
        201, backend.create(call.bodyIfAny(VolumeRequest.class).orElse(VolumeRequest.ANONYMOUS)));
  }

  private void remove(Call call) throws IOException {
    backend.remove(call.variable("name"), call.query().flag("force"));
    call.status(204);
  }

  private void prune(Call call) throws IOException {
    call.json(
        backend.prune(Filters.parse(call.query().text("filters")).requireOnly(PRUNE_FILTERS)));
  }
}
