package dev.kemas.api.server;

import dev.kemas.api.Filters;
import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.Query;
import dev.kemas.api.server.http.RouteTable;
import java.io.IOException;
import java.util.Set;

/** Images as objects: list, inspect, history, tag, remove, prune. */
public final class ImagesRouter extends Router {
  private static final Set<String> LIST_FILTERS =
      Set.of("before", "dangling", "label", "label!", "reference", "since", "until");
  private static final Set<String> PRUNE_FILTERS = Set.of("dangling", "label", "label!", "until");
  private final ImagesBackend backend;

  public ImagesRouter(ImagesBackend backend) {
    this.backend = backend;
  }

  @Override
  void addTo(RouteTable routes) {
    routes
        .on("GET", "/images/json", this::list)
        .on("POST", "/images/prune", this::prune)
        .on(
            "GET",
            "/images/{name*}/json",
            call -> call.json(backend.inspect(name(call), call.query().flag("manifests"))))
        .on("GET", "/images/{name*}/history", call -> call.json(backend.history(name(call))))
        .on("POST", "/images/{name*}/tag", this::tag)
        .on("DELETE", "/images/{name*}", this::remove);
  }

  private static String name(Call call) {
    return call.variable("name");
  }

  private void list(Call call) throws IOException {
    Query query = call.query();
    call.json(
        backend.list(
            new ImagesBackend.ListQuery(
                Filters.parse(query.text("filters")).requireOnly(LIST_FILTERS),
                query.flag("all"),
                query.flag("shared-size"),
                query.flag("manifests"))));
  }

  private void tag(Call call) throws IOException {
    backend.tag(name(call), reference(call.query().required("repo"), call.query().text("tag")));
    call.status(201);
  }

  /** A repository with a tag or a digest. */
  static String reference(String repository, String tag) {
    if (tag.isEmpty()) {
      return repository;
    }
    return repository + (tag.contains(":") ? "@" : ":") + tag;
  }

  private void remove(Call call) throws IOException {
    call.json(
        backend.remove(name(call), call.query().flag("force"), !call.query().flag("noprune")));
  }

  private void prune(Call call) throws IOException {
    call.json(
        backend.prune(Filters.parse(call.query().text("filters")).requireOnly(PRUNE_FILTERS)));
  }
}
