package dev.kemas.buildkit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.kemas.build.BuildQuestions;
import dev.kemas.dockerfile.LintResult;
import dev.kemas.dockerfile.Outline;
import dev.kemas.dockerfile.SourceRange;
import dev.kemas.dockerfile.TargetList;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a frontend is asked instead of a build: {@code docker build --check}, {@code --call=outline}
 * and so on. The answers are JSON in the metadata of a result (BuildKit, frontend/subrequests).
 */
final class Questions {
  private static final String VERSION = "1.0.0";
  private static final String LINT = "frontend.lint";
  private static final String OUTLINE = "frontend.outline";
  private static final String TARGETS = "frontend.targets";
  private static final String DESCRIBE = "frontend.subrequests.describe";

  private Questions() {}

  /**
   * The answer.
   *
   * @param asked what would be built
   * @throws Fault.Unsupported when it is a question of another kind
   */
  static Map<String, ByteString> answer(String question, BuildQuestions asked) {
    Map<String, ByteString> answer = new TreeMap<>();
    switch (question) {
      case LINT -> {
        LintResult result = asked.check();
        put(answer, lint(result));
        answer.put("result.statuscode", ByteString.copyFromUtf8(Integer.toString(result.status())));
      }
      case OUTLINE -> put(answer, outline(asked.outline()));
      case TARGETS -> put(answer, targets(asked.targets()));
      case DESCRIBE -> put(answer, describe());
      default -> throw new Fault.Unsupported("unsupported request " + question);
    }
    answer.put("version", ByteString.copyFromUtf8(VERSION));
    return answer;
  }

  private static void put(Map<String, ByteString> answer, Object json) {
    answer.put("result.json", ByteString.copyFrom(Json.write(json)));
  }

  private static ObjectNode lint(LintResult result) {
    ObjectNode json = Json.mapper().createObjectNode();
    ArrayNode warnings = json.putArray("warnings");
    for (LintResult.Warning warning : result.warnings()) {
      warnings
          .addObject()
          .put("ruleName", warning.ruleName())
          .put("description", warning.description())
          .put("url", warning.url())
          .put("detail", warning.detail())
          .set("location", location(warning.location()));
    }
    ArrayNode sources = json.putArray("sources");
    for (LintResult.Source source : result.sources()) {
      sources
          .addObject()
          .put("filename", source.filename())
          .put("language", source.language())
          .put("data", source.data().getBytes(StandardCharsets.UTF_8));
    }
    result
        .error()
        .ifPresent(error ->
            json.putObject("buildError")
                .put("message", error.message())
                .set("location", location(error.location())));
    return json;
  }

  private static ObjectNode location(LintResult.Location location) {
    ObjectNode json = Json.mapper().createObjectNode();
    // the index is left out where it is 0, as BuildKit does
    if (location.sourceIndex() != 0) {
      json.put("sourceIndex", location.sourceIndex());
    }
    ArrayNode ranges = json.putArray("ranges");
    for (LintResult.Range range : location.ranges()) {
      ObjectNode place = ranges.addObject();
      place.putObject("start").put("line", range.start().line());
      place.putObject("end").put("line", range.end().line());
    }
    return json;
  }

  private static ObjectNode location(SourceRange range) {
    return location(LintResult.location(range));
  }

  private static void putUnlessEmpty(ObjectNode json, String name, String value) {
    if (!value.isEmpty()) {
      json.put(name, value);
    }
  }

  private static ObjectNode outline(Outline outline) {
    ObjectNode json = Json.mapper().createObjectNode();
    putUnlessEmpty(json, "name", outline.name());
    putUnlessEmpty(json, "description", outline.description());
    if (!outline.args().isEmpty()) {
      ArrayNode all = json.putArray("args");
      for (Outline.Arg arg : outline.args()) {
        ObjectNode one = all.addObject().put("name", arg.name());
        putUnlessEmpty(one, "description", arg.description());
        putUnlessEmpty(one, "value", arg.value());
        one.set("location", location(arg.range()));
      }
    }
    if (!outline.secrets().isEmpty()) {
      ArrayNode all = json.putArray("secrets");
      outline.secrets().forEach(s -> all.add(mount(s.name(), s.required(), s.range())));
    }
    if (!outline.ssh().isEmpty()) {
      ArrayNode all = json.putArray("ssh");
      outline.ssh().forEach(s -> all.add(mount(s.name(), s.required(), s.range())));
    }
    if (!outline.cache().isEmpty()) {
      ArrayNode all = json.putArray("cache");
      for (Outline.CacheMount cache : outline.cache()) {
        all.addObject().put("ID", cache.id()).set("location", location(cache.range()));
      }
    }
    json.putArray("sources").add(outline.source().getBytes(StandardCharsets.UTF_8));
    return json;
  }

  private static ObjectNode mount(String name, boolean required, SourceRange range) {
    ObjectNode json = Json.mapper().createObjectNode().put("name", name);
    if (required) {
      json.put("required", true);
    }
    json.set("location", location(range));
    return json;
  }

  private static ObjectNode targets(TargetList list) {
    ObjectNode json = Json.mapper().createObjectNode();
    ArrayNode all = json.putArray("targets");
    for (TargetList.Target target : list.targets()) {
      ObjectNode one = all.addObject();
      putUnlessEmpty(one, "name", target.name());
      if (target.isDefault()) {
        one.put("default", true);
      }
      putUnlessEmpty(one, "description", target.description());
      putUnlessEmpty(one, "base", target.base());
      target.platform().ifPresent(platform -> one.put("platform", platform));
      one.set("location", location(target.range()));
    }
    json.putArray("sources").add(list.source().getBytes(StandardCharsets.UTF_8));
    return json;
  }

  private static ArrayNode describe() {
    ArrayNode json = Json.mapper().createArrayNode();
    for (List<String> one :
        List.of(
            List.of(OUTLINE, "List all parameters current build target supports"),
            List.of(TARGETS, "List all targets current build supports"),
            List.of(LINT, "Lint a Dockerfile"),
            List.of(DESCRIBE, "List available subrequest types"))) {
      json.addObject()
          .put("name", one.getFirst())
          .put("version", VERSION)
          .put("type", "rpc")
          .put("description", one.getLast());
    }
    return json;
  }
}
