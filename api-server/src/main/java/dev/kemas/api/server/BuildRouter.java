package dev.kemas.api.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kemas.api.Filters;
import dev.kemas.api.RegistryLogin;
import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.Query;
import dev.kemas.api.server.http.RouteTable;
import dev.kemas.container.Resources;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.oci.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The classic {@code /build}. */
public final class BuildRouter extends Router {
  /** Limits as this endpoint names them, and as a container's configuration does. */
  private static final Map<String, String> NUMBERS =
      Map.of(
          "memory", "Memory",
          "memswap", "MemorySwap",
          "cpushares", "CpuShares",
          "cpuquota", "CpuQuota",
          "cpuperiod", "CpuPeriod");

  private static final Map<String, String> TEXTS =
      Map.of(
          "cpusetcpus", "CpusetCpus",
          "cpusetmems", "CpusetMems",
          "cgroupparent", "CgroupParent");

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
    if (query.text("remote").equals("client-session")) {
      throw new Fault.Unsupported(
          "a context from a session is built through /grpc: use a client with buildx");
    }
    BuildBackend.Request request =
        request(query, RegistryLogin.decodeAll(call.header("X-Registry-Config").orElse("")));
    ProgressAnswer.withBody(call, (body, progress) -> backend.build(request, body, progress));
  }

  private static BuildBackend.Request request(Query query, Map<String, RegistryLogin> logins) {
    return new BuildBackend.Request(
        query.value("dockerfile").orElse("Dockerfile"),
        query.all("t").stream().filter(tag -> !tag.isEmpty()).toList(),
        pairs(query, "buildargs"),
        texts(query, "labels"),
        query.text("target"),
        query.flag("nocache"),
        query.flag("pull"),
        query.text("networkmode"),
        parts(query.text("platform")).map(Platform::parse).toList(),
        query.text("remote"),
        query.flag("q"),
        query.all("extrahosts").stream().flatMap(BuildRouter::parts).toList(),
        limits(query),
        query.number("shmsize"),
        logins,
        more(query));
  }

  private static BuildBackend.More more(Query query) {
    return new BuildBackend.More(
        query.text("question"),
        new HashSet<>(query.all("nocachestage")),
        query.all("allow"),
        query.flag("explain"),
        query.text("project"),
        texts(query, "contexts"),
        texts(query, "attests"),
        query.text("session"),
        query.flag("lent"),
        query.flag("dockerfileinbody"),
        outputs(query),
        list(query, "cachefrom"),
        list(query, "cacheto"),
        query.text("onerror"));
  }

  private static List<String> list(Query query, String name) {
    List<String> texts = new ArrayList<>();
    Optional<String> text = query.value(name);
    if (text.isPresent()) {
      JsonNode tree = tree(name, text.get());
      if (!tree.isNull() && !tree.isArray()) {
        throw new Fault.InvalidArgument(
            "invalid value for \"" + name + "\": want an array of texts");
      }
      tree.forEach(one -> texts.add(one.asText()));
    }
    return texts;
  }

  private static List<Map<String, String>> outputs(Query query) {
    List<Map<String, String>> outputs = new ArrayList<>();
    Optional<String> text = query.value("outputs");
    if (text.isPresent()) {
      for (JsonNode output : tree("outputs", text.get())) {
        Map<String, String> attributes = new TreeMap<>();
        output
            .properties()
            .forEach(entry -> attributes.put(entry.getKey(), entry.getValue().asText()));
        outputs.add(attributes);
      }
    }
    return outputs;
  }

  private static Stream<String> parts(String list) {
    return Stream.of(list.split(",", -1)).map(String::strip).filter(part -> !part.isEmpty());
  }

  private static Map<String, String> texts(Query query, String name) {
    Map<String, String> texts = new TreeMap<>();
    pairs(query, name).forEach((key, value) -> texts.put(key, value.orElse("")));
    return texts;
  }

  private static Resources limits(Query query) {
    ObjectNode limits = Json.mapper().createObjectNode();
    NUMBERS.forEach(
        (name, field) -> query.number(name).ifPresent(value -> limits.put(field, value)));
    TEXTS.forEach((name, field) -> query.value(name).ifPresent(value -> limits.put(field, value)));
    query.value("ulimits").ifPresent(text -> limits.set("Ulimits", tree("ulimits", text)));
    return Json.read(limits.toString(), Resources.class, "the limits of RUN");
  }

  private static JsonNode tree(String name, String text) {
    try {
      return Json.mapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new Fault.InvalidArgument(
          "invalid value for \"" + name + "\": " + e.getOriginalMessage(), e);
    }
  }

  /** A JSON object of texts; a null stands for a name without a value. */
  private static Map<String, Optional<String>> pairs(Query query, String name) {
    Optional<String> text = query.value(name);
    if (text.isEmpty()) {
      return Map.of();
    }
    JsonNode tree = tree(name, text.get());
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

  /** The first of these that is there. */
  private static long bytes(Query query, String... names) {
    for (String name : names) {
      OptionalLong number = query.number(name);
      if (number.isPresent()) {
        return Math.max(0, number.getAsLong());
      }
    }
    return 0;
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
            new BuildBackend.Pruning(
                Filters.parse(call.query().text("filters")).requireOnly(known),
                call.query().flag("all"),
                bytes(call.query(), "reserved-space", "keep-storage"),
                bytes(call.query(), "max-used-space"),
                bytes(call.query(), "min-free-space"))));
  }
}
