package dev.kemas.daemon.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code daemon.json}, with Docker's keys. */
final class ConfigFile {
  private final Path file;

  ConfigFile(Path file) {
    this.file = file;
  }

  /**
   * What it says, in the form of the flags.
   *
   * @throws Fault.InvalidArgument when it cannot be read, is no JSON, or has an unknown key
   */
  Map<Option, List<String>> read() {
    JsonNode tree;
    try {
      tree = Json.mapper().readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw invalid(e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw invalid(e.toString(), e);
    }
    if (tree == null || tree.isMissingNode()) {
      return Map.of();
    }
    if (!tree.isObject()) {
      throw invalid("want an object");
    }
    List<String> unknown = new ArrayList<>();
    Map<Option, List<String>> given = new EnumMap<>(Option.class);
    for (Map.Entry<String, JsonNode> entry : tree.properties()) {
      Optional<Option> option = Option.ofKey(entry.getKey());
      if (option.isEmpty()) {
        unknown.add(entry.getKey());
      } else if (!entry.getValue().isNull()) {
        given.put(option.get(), values(option.get(), entry.getValue()));
      }
    }
    if (!unknown.isEmpty()) {
      throw invalid(
          "the following directives don't match any configuration option: "
              + String.join(", ", unknown));
    }
    return given;
  }

  private List<String> values(Option option, JsonNode node) {
    return switch (option.kind()) {
      case TEXT -> List.of(text(option, node, node.isTextual() || node.isIntegralNumber()));
      case NUMBER -> List.of(text(option, node, node.isIntegralNumber()));
      case FLAG -> List.of(text(option, node, node.isBoolean()));
      case OBJECT -> {
        require(option, node.isObject());
        yield List.of(node.toString());
      }
      case LIST -> {
        require(option, node.isArray());
        List<String> values = new ArrayList<>();
        node.forEach(value -> values.add(text(option, value, value.isTextual())));
        yield List.copyOf(values);
      }
      case PAIRS -> fields(option, node, value -> pair(option, value));
      case POOLS -> {
        require(option, node.isArray());
        List<String> values = new ArrayList<>();
        node.forEach(pool ->
            values.add(
                "base="
                    + text(option, pool.path("base"), pool.path("base").isTextual())
                    + ",size="
                    + text(option, pool.path("size"), pool.path("size").isIntegralNumber())));
        yield List.copyOf(values);
      }
      case ULIMITS ->
          fields(
              option,
              node,
              value ->
                  text(option, value.path("Soft"), value.path("Soft").isIntegralNumber())
                      + ":"
                      + text(option, value.path("Hard"), value.path("Hard").isIntegralNumber()));
    };
  }

  /** A runtime is an object with a path, a log option is a text. */
  private String pair(Option option, JsonNode value) {
    JsonNode node = value.isObject() ? value.path("path") : value;
    return text(option, node, node.isTextual());
  }

  private List<String> fields(
      Option option, JsonNode node, java.util.function.Function<JsonNode, String> value) {
    require(option, node.isObject());
    return node.properties().stream()
        .map(entry -> entry.getKey() + "=" + value.apply(entry.getValue()))
        .collect(Collectors.toUnmodifiableList());
  }

  private String text(Option option, JsonNode node, boolean fits) {
    require(option, fits);
    return node.asText();
  }

  private void require(Option option, boolean fits) {
    if (!fits) {
      throw invalid("\"" + option.key() + "\" has a value of the wrong type");
    }
  }

  private Fault.InvalidArgument invalid(String why, Exception... cause) {
    String message = "unable to configure the daemon with file " + file + ": " + why;
    return cause.length == 0
        ? new Fault.InvalidArgument(message)
        : new Fault.InvalidArgument(message, cause[0]);
  }
}
