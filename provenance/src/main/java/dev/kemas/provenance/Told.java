package dev.kemas.provenance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What both versions of the predicate tell, in the shape that BuildKit gave it. */
final class Told {
  /** Of the machine or of the request's way here, not of the build. */
  private static final Set<String> OF_THE_HOST =
      Set.of("cache-imports", "cgroup-parent", "image-resolve-mode", "platform");

  private static final Set<String> CONFIDENTIAL = Set.of("build-arg:", "label:");
  private static final Set<String> ELSEWHERE = Set.of("attest:", "vcs:");
  private static final Pattern CREDENTIALS = Pattern.compile("(?<=://)[^/@\\s]+@");

  private final BuildRecord record;
  private final boolean all;

  Told(BuildRecord record, Options options) {
    this.record = record;
    this.all = options.mode() == Options.Mode.MAX;
  }

  ArrayNode materials() {
    ArrayNode array = Json.mapper().createArrayNode();
    SortedMap<String, Material> byUri = new TreeMap<>();
    record.materials().forEach(material -> byUri.putIfAbsent(uri(material), material));
    byUri.forEach((uri, material) -> {
      ObjectNode one = array.addObject();
      one.put("uri", uri);
      ObjectNode digest = one.putObject("digest");
      switch (material) {
        case Material.Image image -> put(digest, image.digest());
        case Material.Http http -> put(digest, http.digest());
        case Material.Git git ->
            digest.put(git.commit().length() == 64 ? "sha256" : "sha1", git.commit());
      }
    });
    return array;
  }

  private static void put(ObjectNode object, Digest digest) {
    object.put(digest.algorithm(), digest.hex());
  }

  private static String uri(Material material) {
    return switch (material) {
      case Material.Image image -> ImagePurl.of(image.name(), image.platform());
      case Material.Http http -> withoutCredentials(http.url());
      case Material.Git git -> withoutCredentials(git.url());
    };
  }

  /** A password in an address is nobody else's business. */
  static String withoutCredentials(String text) {
    return CREDENTIALS.matcher(text).replaceAll("xxxxx@");
  }

  /** The request; what may be confidential only when everything is to be told. */
  ObjectNode request() {
    ObjectNode request = Json.mapper().createObjectNode();
    request.put("frontend", record.request().frontend());
    SortedMap<String, String> args = args();
    if (!args.isEmpty()) {
      ObjectNode object = request.putObject("args");
      args.forEach(object::put);
    }
    if (all) {
      lent(request, "secrets", record.request().secrets());
      lent(request, "ssh", record.request().ssh());
    }
    if (!record.request().locals().isEmpty()) {
      ArrayNode locals = request.putArray("locals");
      record.request().locals().stream()
          .sorted()
          .forEach(name -> locals.addObject().put("name", name));
    }
    return request;
  }

  private SortedMap<String, String> args() {
    SortedMap<String, String> args = new TreeMap<>();
    record
        .request()
        .args()
        .forEach((key, value) -> {
          boolean told =
              !OF_THE_HOST.contains(key) && ELSEWHERE.stream().noneMatch(key::startsWith);
          if (told && (all || !isConfidential(key))) {
            args.put(key, withoutCredentials(value));
          }
        });
    return args;
  }

  private static boolean isConfidential(String key) {
    return CONFIDENTIAL.stream().anyMatch(key::startsWith);
  }

  private static void lent(ObjectNode to, String name, List<BuildRecord.Lent> lent) {
    if (!lent.isEmpty()) {
      ArrayNode array = to.putArray(name);
      for (BuildRecord.Lent one : lent) {
        ObjectNode object = array.addObject().put("id", one.id());
        if (one.optional()) {
          object.put("optional", true);
        }
      }
    }
  }

  /** Whether nothing of the request was left out. */
  boolean requestIsComplete() {
    boolean hidden =
        !all
            && (record.request().args().keySet().stream().anyMatch(Told::isConfidential)
                || !record.request().secrets().isEmpty()
                || !record.request().ssh().isEmpty());
    return record.completeness().parameters() && !hidden;
  }

  /** The steps; an empty object when they are not to be told. */
  ObjectNode buildConfig() {
    ObjectNode config = Json.mapper().createObjectNode();
    BuildRecord.Definition definition = record.definition();
    if (!all || definition.steps().isEmpty()) {
      return config;
    }
    ArrayNode steps = config.putArray("llbDefinition");
    for (BuildRecord.Step step : definition.steps()) {
      ObjectNode one = steps.addObject();
      one.put("id", step.id());
      one.set("op", step.op());
      if (!step.inputs().isEmpty()) {
        ArrayNode inputs = one.putArray("inputs");
        step.inputs().forEach(inputs::add);
      }
    }
    ObjectNode mapping = config.putObject("digestMapping");
    definition.digests().forEach((digest, step) -> mapping.put(digest.toString(), step));
    return config;
  }

  /** What BuildKit adds to SLSA's fields. */
  ObjectNode extension() {
    ObjectNode extension = Json.mapper().createObjectNode();
    if (!record.vcs().isEmpty()) {
      ObjectNode vcs = extension.putObject("vcs");
      record.vcs().forEach((key, value) -> vcs.put(key, withoutCredentials(value)));
    }
    BuildRecord.Definition definition = record.definition();
    if (!all || definition.steps().isEmpty()) {
      return extension;
    }
    ObjectNode source = extension.putObject("source");
    ObjectNode locations = source.putObject("locations");
    for (BuildRecord.Step step : definition.steps()) {
      step.lines().ifPresent(lines -> location(locations.putObject(step.id()), lines));
    }
    ArrayNode infos = source.putArray("infos");
    for (BuildRecord.SourceFile file : definition.files()) {
      infos
          .addObject()
          .put("filename", file.name())
          .put("language", file.language())
          .put(
              "data",
              Base64.getEncoder().encodeToString(file.content().getBytes(StandardCharsets.UTF_8)));
    }
    layers(extension, definition.layers());
    return extension;
  }

  private static void location(ObjectNode step, BuildRecord.Lines lines) {
    ObjectNode range = step.putArray("locations").addObject().putArray("ranges").addObject();
    range.putObject("start").put("line", lines.first());
    range.putObject("end").put("line", lines.last());
  }

  private static void layers(ObjectNode extension, SortedMap<String, List<Descriptor>> layers) {
    if (layers.isEmpty()) {
      return;
    }
    ObjectNode object = extension.putObject("layers");
    for (Map.Entry<String, List<Descriptor>> one : layers.entrySet()) {
      ArrayNode chain = object.putArray(one.getKey()).addArray();
      for (Descriptor layer : one.getValue()) {
        chain
            .addObject()
            .put("mediaType", layer.mediaType())
            .put("digest", layer.digest().toString())
            .put("size", layer.size());
      }
    }
  }

  static String time(Instant time) {
    return time.toString();
  }
}
