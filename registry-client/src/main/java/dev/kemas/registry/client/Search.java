package dev.kemas.registry.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A search for repositories: by the interface of version 1, which Docker Hub and some registries
 * have, else in the catalogue of version 2.
 */
final class Search {
  private static final String HUB = "docker.io";
  private static final String HUB_INDEX = "https://index.docker.io";
  private static final int MOST = 4 << 20;

  /** As many as one page of a catalogue may have; what lies behind is not looked at. */
  private static final int CATALOGUE = 1000;

  private final Transport transport;
  private final Tokens tokens;
  private final String domain;
  private final String term;
  private final int limit;
  private final RegistryLogin login;

  private Search(
      Transport transport,
      Tokens tokens,
      String domain,
      String term,
      int limit,
      RegistryLogin login) {
    this.transport = transport;
    this.tokens = tokens;
    this.domain = domain;
    this.term = term;
    this.limit = limit;
    this.login = login;
  }

  static Search of(
      Transport transport, Tokens tokens, String term, int limit, RegistryLogin login) {
    if (term.contains("://")) {
      throw new Fault.InvalidArgument(
          "invalid repository name ("
              + term.substring(0, term.indexOf(':'))
              + "): give a name without a scheme");
    }
    int slash = term.indexOf('/');
    String first = slash < 0 ? "" : term.substring(0, slash);
    boolean host = first.contains(".") || first.contains(":") || first.equals("localhost");
    String domain = host ? RegistryClient.domain(first) : HUB;
    return new Search(
        transport, tokens, domain, host ? term.substring(slash + 1) : term, limit, login);
  }

  String domain() {
    return domain;
  }

  List<SearchResult> at(Endpoint endpoint) {
    Endpoint asked = domain.equals(HUB) ? Endpoint.at(HUB_INDEX, true) : endpoint;
    Session session =
        new Session(
            transport,
            asked,
            "",
            new Authorizer(transport, tokens, asked, List.of("registry:catalog:*"), login));
    HttpResponse<InputStream> found =
        session.ask(
            HttpRequest.newBuilder().GET(),
            asked.resolve(
                "/v1/search?q=" + URLEncoder.encode(term, StandardCharsets.UTF_8) + "&n=" + limit));
    if (found.statusCode() == 200) {
      return results(json(found));
    }
    if (domain.equals(HUB) || found.statusCode() != 404) {
      throw refused(found);
    }
    Transport.close(found);
    HttpResponse<InputStream> catalogue =
        session.ask(HttpRequest.newBuilder().GET(), asked.resolve("/v2/_catalog?n=" + CATALOGUE));
    if (catalogue.statusCode() != 200) {
      throw refused(catalogue);
    }
    return named(json(catalogue));
  }

  private Fault refused(HttpResponse<InputStream> response) {
    String said = Failures.said(response);
    int status = response.statusCode();
    String text =
        "registry "
            + domain
            + " answers "
            + status
            + " to a search"
            + (said.isEmpty() ? "" : ": " + said);
    return switch (status) {
      case 401, 403 -> new Fault.Unauthenticated(text + ": log in there");
      case 404 -> new Fault.Unsupported(text + ": it cannot be searched");
      default -> new Fault.Unavailable(text);
    };
  }

  private JsonNode json(HttpResponse<InputStream> response) {
    try (InputStream in = response.body()) {
      byte[] body = in.readNBytes(MOST + 1);
      if (body.length > MOST) {
        throw new Fault.InvalidArgument(
            "registry " + domain + " answers a search with more than " + MOST + " bytes");
      }
      return Json.read(body, JsonNode.class, "search result of " + domain);
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "registry " + domain + " breaks off in a search: " + e.getMessage(), e);
    }
  }

  private List<SearchResult> results(JsonNode answer) {
    List<SearchResult> results = new ArrayList<>();
    for (JsonNode one : answer.path("results")) {
      if (results.size() < limit) {
        results.add(
            new SearchResult(
                full(one.path("name").asText("")),
                one.path("description").asText(""),
                one.path("star_count").asInt(0),
                one.path("is_official").asBoolean(false),
                one.path("is_automated").asBoolean(false)));
      }
    }
    return List.copyOf(results);
  }

  private List<SearchResult> named(JsonNode catalogue) {
    String wanted = term.toLowerCase(Locale.ROOT);
    List<SearchResult> results = new ArrayList<>();
    for (JsonNode one : catalogue.path("repositories")) {
      String name = one.asText("");
      if (name.contains(wanted) && results.size() < limit) {
        results.add(new SearchResult(full(name), "", 0, false, false));
      }
    }
    return List.copyOf(results);
  }

  private String full(String name) {
    return domain.equals(HUB) || name.startsWith(domain + "/") ? name : domain + "/" + name;
  }
}
