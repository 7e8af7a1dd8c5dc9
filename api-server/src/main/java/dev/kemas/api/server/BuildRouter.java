package dev.kemas.api.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.api.Filters;
import dev.kemas.api.RegistryLogin;
import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.Query;
import dev.kemas.api.server.http.RouteTable;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.oci.Platform;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The classic {@code /build}. */
public final class BuildRouter extends Router {
  private final BuildBackend backend;

  public BuildRouter(BuildBackend backend) {
    this.backend = backend;
  }

  @Override
  void addTo(RouteTable routes) {
    routes.on("POST", "/build", this::build).on("POST", "/build/prune", this::prune);
  }

  private void build(Call call) throws Exception {
    Query query = call.query();
    if (query.text("version").equals("2")) {
      throw new Fault.InvalidArgument(
          "BuildKit is not available here: build with DOCKER_BUILDKIT=0");
    }
    BuildBackend.Request request =
        request(query, RegistryLogin.decodeAll(call.header("X-Registry-Config").orElse("")));
    ProgressAnswer.withBody(call, (body, progress) -> backend.build(request, body, progress));
  }

  private static BuildBackend.Request request(Query query, Map<String, RegistryLogin> logins) {
    Map<String, String> labels = new TreeMap<>();
    pairs(query, "labels").forEach((name, value) -> labels.put(name, value.orElse("")));
    return new BuildBackend.Request(
        query.value("dockerfile").orElse("Dockerfile"),
        query.all("t").stream().filter(tag -> !tag.isEmpty()).toList(),
        pairs(query, "buildargs"),
        labels,
        query.text("target"),
        query.flag("nocache"),
        query.flag("pull"),
        query.text("networkmode"),
        query.value("platform").map(Platform::parse),
        query.text("remote"),
        query.flag("q"),
        query.all("extrahosts").stream()
            .flatMap(text -> Stream.of(text.split(",", -1)))
            .filter(text -> !text.isBlank())
            .toList(),
        query.number("shmsize"),
        logins);
  }

  /** A JSON object of texts; a null stands for a name without a value. */
  private static Map<String, Optional<String>> pairs(Query query, String name) {
    Optional<String> text = query.value(name);
    if (text.isEmpty()) {
      return Map.of();
    }
    JsonNode tree;
    try {
      tree = Json.mapper().readTree(text.get());
    } catch (JsonProcessingException e) {
      throw new Fault.InvalidArgument(
          "invalid value for \"" + name + "\": " + e.getOriginalMessage(), e);
    }
    if (!tree.isObject() && !tree.isNull()) {
      throw new Fault.InvalidArgument(
          "invalid value for \"" + name + "\": want an object of texts");
    }
    Map<String, Optional<String>> pairs = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : tree.properties()) {
      JsonNode value = entry.getValue();
      if (!value.isTextual() && !value.isNull()) {
        throw new Fault.InvalidArgument(
            "invalid value for \"" + name + "\": \"" + entry.getKey() + "\" is not a text");
      }
      pairs.put(entry.getKey(), Optional.ofNullable(value.textValue()));
    }
    return pairs;
  }

  private void prune(Call call) throws IOException {
    Set<String> known =
        Set.of(
            "description",
            "id",
            "inuse",
            "parent",
            "private",
            "shared",
            "type",
            "until",
            "unused-for");
    call.json(
        backend.prune(
            Filters.parse(call.query().text("filters")).requireOnly(known),
            call.query().flag("all")));
  }
}
