package dev.kemas.registry.server.http;

import dev.kemas.registry.server.repository.Manifests;
import dev.kemas.registry.server.repository.RepositoryName;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Lists: tags, repositories. */
final class ListHandler {
  /** What is listed when the client does not say; the reference implementation's limit as well. */
  private static final int USUAL_CATALOG = 1000;

  private final Manifests manifests;

  ListHandler(Manifests manifests) {
    this.manifests = manifests;
  }

  void tags(Exchange exchange, RepositoryName name) throws IOException {
    int most = exchange.count().orElse(Integer.MAX_VALUE);
    Manifests.Page page = manifests.tags(name, exchange.parameter("last").orElse(""), most);
    link(exchange, "/v2/" + name + "/tags/list", page, most);
    exchange.json(200, Exchange.JSON, Map.of("name", name.text(), "tags", page.names()));
  }

  void catalog(Exchange exchange) throws IOException {
    int most = exchange.count().orElse(USUAL_CATALOG);
    Manifests.Page page = manifests.catalog(exchange.parameter("last").orElse(""), most);
    link(exchange, "/v2/_catalog", page, most);
    exchange.json(200, Exchange.JSON, Map.of("repositories", page.names()));
  }

  /** Where the list goes on (RFC 8288). */
  private static void link(Exchange exchange, String path, Manifests.Page page, int most) {
    List<String> names = page.names();
    if (page.more() && !names.isEmpty()) {
      String last = URLEncoder.encode(names.getLast(), StandardCharsets.UTF_8);
      exchange.with("Link", "<" + path + "?n=" + most + "&last=" + last + ">; rel=\"next\"");
    }
  }
}
