package dev.kemas.registry.server.http;

import dev.kemas.registry.server.auth.Gate;
import dev.kemas.registry.server.repository.Catalog;
import dev.kemas.registry.server.repository.Manifests;
import dev.kemas.registry.server.repository.Page;
import dev.kemas.registry.server.repository.RepositoryName;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Lists: tags, repositories, what a search finds. */
final class ListHandler {
  /** What is listed when the client does not say; the reference implementation's limit as well. */
  private static final int USUAL_CATALOG = 1000;

  private static final int USUAL_SEARCH = 25;
  private static final int MOST_FOUND = 100;

  private final Manifests manifests;
  private final Catalog catalog;
  private final Gate gate;

  ListHandler(Manifests manifests, Catalog catalog, Gate gate) {
    this.manifests = manifests;
    this.catalog = catalog;
    this.gate = gate;
  }

  void tags(Exchange exchange, RepositoryName name) throws IOException {
    int most = exchange.count().orElse(Integer.MAX_VALUE);
    Page page = manifests.tags(name, exchange.parameter("last").orElse(""), most);
    link(exchange, "/v2/" + name + "/tags/list", page, most);
    exchange.json(200, Exchange.JSON, Map.of("name", name.text(), "tags", page.names()));
  }

  void catalog(Exchange exchange, Gate.Visitor visitor) throws IOException {
    int most = exchange.count().orElse(USUAL_CATALOG);
    Page page =
        catalog.page(
            exchange.parameter("last").orElse(""), most, name -> gate.shows(visitor, name));
    link(exchange, "/v2/_catalog", page, most);
    exchange.json(200, Exchange.JSON, Map.of("repositories", page.names()));
  }

  /** Where the list goes on (RFC 8288). */
  private static void link(Exchange exchange, String path, Page page, int most) {
    List<String> names = page.names();
    if (page.more() && !names.isEmpty()) {
      String last = URLEncoder.encode(names.getLast(), StandardCharsets.UTF_8);
      exchange.with("Link", "<" + path + "?n=" + most + "&last=" + last + ">; rel=\"next\"");
    }
  }

  /** What {@code docker search} shows: repositories whose name has the term in it. */
  void search(Exchange exchange, Gate.Visitor visitor) throws IOException {
    String term = exchange.parameter("q").orElse("");
    int most = Math.min(exchange.count().orElse(USUAL_SEARCH), MOST_FOUND);
    Page page =
        catalog.page("", most, name -> name.text().contains(term) && gate.shows(visitor, name));
    List<Map<String, Object>> results = page.names().stream().map(ListHandler::result).toList();
    exchange.json(
        200,
        Exchange.JSON,
        Map.of("query", term, "num_results", results.size(), "results", results));
  }

  private static Map<String, Object> result(String name) {
    return Map.of(
        "name",
        name,
        "description",
        "",
        "star_count",
        0,
        "is_official",
        false,
        "is_automated",
        false);
  }
}
