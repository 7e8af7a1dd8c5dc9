package dev.kemas.api.server;

import dev.kemas.api.Filters;
import dev.kemas.api.RegistryLogin;
import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.RouteTable;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.util.Set;

/** Questions to registries: {@code auth}, {@code distribution}, {@code search}. */
public final class RegistryRouter extends Router {
  private static final Set<String> SEARCH_FILTERS = Set.of("is-automated", "is-official", "stars");
  private static final int DEFAULT_LIMIT = 25;
  private static final int MOST = 100;
  private final RegistryBackend backend;

  public RegistryRouter(RegistryBackend backend) {
    this.backend = backend;
  }

  @Override
  void addTo(RouteTable routes) {
    routes
        .on("POST", "/auth", call -> call.json(backend.auth(call.body(RegistryLogin.class))))
        .on(
            "GET",
            "/distribution/{name*}/json",
            call -> call.json(backend.distribution(call.variable("name"), login(call))))
        .on("GET", "/images/search", this::search);
  }

  private static RegistryLogin login(Call call) {
    return RegistryLogin.decode(call.header("X-Registry-Auth").orElse(""));
  }

  private void search(Call call) throws IOException {
    int limit = call.query().value("limit").map(RegistryRouter::limit).orElse(DEFAULT_LIMIT);
    call.json(
        backend.search(
            call.query().required("term"),
            limit,
            Filters.parse(call.query().text("filters")).requireOnly(SEARCH_FILTERS),
            login(call)));
  }

  /** Zero is what clients send for the default. */
  private static int limit(String text) {
    if (text.matches("-?\\d{1,9}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 0 && limit <= MOST) {
        return limit == 0 ? DEFAULT_LIMIT : limit;
      }
    }
    throw new Fault.InvalidArgument("limit " + text + " is outside the range of [1, 100]");
  }
}
