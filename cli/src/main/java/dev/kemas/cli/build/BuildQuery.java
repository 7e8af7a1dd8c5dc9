package dev.kemas.cli.build;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Pairs;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.container.Quantities;
import dev.kemas.credential.ClientConfig;
import dev.kemas.credential.Credential;
import dev.kemas.flag.Flags;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options of a build as the parameters of {@code POST /build}. */
final class BuildQuery {
  private static final String EPOCH = "SOURCE_DATE_EPOCH";

  private final Session session;
  private final Flags flags;
  private final Source source;
  private final Lending lending;

  BuildQuery(Session session, Flags flags, Source source, Lending lending) {
    this.lending = lending;
    this.session = session;
    this.flags = flags;
    this.source = source;
  }

  /**
   * The request, without its body.
   *
   * @param tags names for the image
   * @param anew whether the cache is not used, whatever the options say
   */
  Request request(List<String> tags, boolean anew) {
    Request request = Request.post("/build");
    for (String tag : tags) {
      request.query("t", tag);
    }
    request.query("buildargs", arguments().write());
    request.query("labels", Pairs.of(flags.all("label")).write());
    if (!lending.caches().from().isEmpty()) {
      request.query("cachefrom", Json.Arr.of(lending.caches().from()).write());
    }
    for (String host : flags.all("add-host")) {
      request.query("extrahosts", host);
    }
    logins().ifPresent(header -> request.header("X-Registry-Config", header));
    request
        .query("nocache", anew || flags.isOn("no-cache"))
        .query("pull", flags.isOn("pull"))
        .query("forcerm", flags.isOn("force-rm"))
        .query("rm", flags.isOn("rm") ? "1" : "0")
        .queryIf("target", flags.text("target"))
        .queryIf("platform", String.join(",", flags.all("platform")))
        .queryIf("cgroupparent", flags.text("cgroup-parent"))
        .queryIf("cpuperiod", flags.text("cpu-period"))
        .queryIf("cpuquota", flags.text("cpu-quota"))
        .queryIf("cpushares", flags.text("cpu-shares"))
        .queryIf("cpusetcpus", flags.text("cpuset-cpus"))
        .queryIf("cpusetmems", flags.text("cpuset-mems"))
        .query("networkmode", flags.text("network"));
    bytes(request, "memory", "memory");
    bytes(request, "shm-size", "shmsize");
    if (flags.text("memory-swap").equals("-1")) {
      request.query("memswap", "-1");
    } else {
      bytes(request, "memory-swap", "memswap");
    }
    if (!flags.all("ulimit").isEmpty()) {
      Json.Arr ulimits = new Json.Arr();
      for (String ulimit : flags.all("ulimit")) {
        ulimits.add(Quantities.ulimit(flags, ulimit));
      }
      request.query("ulimits", ulimits.write());
    }
    ours(request);
    return request;
  }

  /** What only our engine understands. */
  private void ours(Request request) {
    for (String stages : flags.all("no-cache-filter")) {
      for (String stage : stages.split(",", -1)) {
        request.queryIf("nocachestage", stage.strip());
      }
    }
    for (String entitlement : flags.all("allow")) {
      request.query("allow", entitlement);
    }
    request
        .query("explain", flags.isOn("explain"))
        .queryIf("project", source.project())
        .queryIf("onerror", flags.text("on-error"));
    Json.Obj contexts = lending.contexts();
    if (!contexts.fields().isEmpty()) {
      request.query("contexts", contexts.write());
    }
    if (!lending.caches().to().isEmpty()) {
      request.query("cacheto", Json.Arr.of(lending.caches().to()).write());
    }
    if (!lending.outputs().items().isEmpty()) {
      request.query("outputs", lending.outputs().write());
    }
    Json.Obj attests = attests();
    if (!attests.fields().isEmpty()) {
      request.query("attests", attests.write());
    }
  }

  private Json.Obj arguments() {
    Json.Obj arguments = Json.object();
    // as Docker's clients do: who sets it for other tools means it here, too
    if (session.hasVariable(EPOCH)) {
      arguments.put(EPOCH, session.variable(EPOCH));
    }
    for (String word : flags.all("build-arg")) {
      if (word.indexOf('=') >= 0) {
        arguments.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
      } else if (session.hasVariable(word)) {
        arguments.put(word, session.variable(word));
      }
    }
    String epoch = flags.text("source-date-epoch");
    if (epoch.equals("newest")) {
      arguments.put(EPOCH, Long.toString(source.newest()));
    } else if (!epoch.isEmpty()) {
      if (!epoch.matches("\\d{1,12}")) {
        throw flags.invalid(
            "source-date-epoch", epoch, "want seconds since 1970, or the word newest");
      }
      arguments.put(EPOCH, epoch);
    }
    return arguments;
  }

  /** Attestations by the names that BuildKit's clients send. */
  private Json.Obj attests() {
    Json.Obj attests = Json.object();
    for (String word : flags.all("attest")) {
      String type = "";
      StringBuilder rest = new StringBuilder();
      for (String part : word.split(",", -1)) {
        if (part.startsWith("type=")) {
          type = part.substring("type=".length());
        } else {
          rest.append(rest.isEmpty() ? "" : ",").append(part);
        }
      }
      if (type.isEmpty()) {
        throw flags.invalid("attest", word, "attestation type not specified: want type=...");
      }
      attests.put("attest:" + type, rest.toString());
    }
    shorthand(attests, "provenance");
    shorthand(attests, "sbom");
    return attests;
  }

  private void shorthand(Json.Obj attests, String type) {
    String value = flags.text(type);
    if (!value.isEmpty()) {
      attests.put(
          "attest:" + type,
          switch (value) {
            case "true" -> "";
            case "false" -> "disabled=true";
            default -> value;
          });
    }
  }

  private void bytes(Request request, String option, String parameter) {
    if (flags.isSet(option)) {
      request.query(parameter, Long.toString(Quantities.bytes(flags, option, flags.text(option))));
    }
  }

  /** The logins for the registries that a Dockerfile may name, as the engine takes them. */
  private Optional<String> logins() {
    Map<String, Credential> all = ClientConfig.of(session::variable).all();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Json.Obj json = Json.object();
    all.forEach((server, credential) -> json.put(server, credential.toJson()));
    byte[] text = json.write().getBytes(StandardCharsets.UTF_8);
    return Optional.of(Base64.getUrlEncoder().encodeToString(text));
  }
}
