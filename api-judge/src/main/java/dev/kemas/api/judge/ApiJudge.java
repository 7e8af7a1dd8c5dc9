package dev.kemas.api.judge;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Judges answers by the specification of the Engine API (OpenAPI 2): status, and the body's types,
 * required and unknown fields, nulls, enumerations and formats. Thread-safe.
 */
public final class ApiJudge {
  /** The file's name in the folder of specifications. */
  public static final String FILE = "docker-engine-api-v1.51.yaml";

  private static final ObjectMapper JSON = new ObjectMapper();
  private final Map<String, Object> paths;
  private final Schemas schemas;

  private ApiJudge(Map<String, Object> specification) {
    this.paths = Tree.map(specification.get("paths"));
    this.schemas = new Schemas(Tree.map(specification.get("definitions")));
  }

  /** Reads a specification. */
  public static ApiJudge of(Path file) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(16 << 20);
    try (var reader = Files.newBufferedReader(file)) {
      return new ApiJudge(Tree.map(new Yaml(new SafeConstructor(options)).load(reader)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the specification " + file, e);
    }
  }

  /**
   * The specification of this machine, if there is one: in the folder that the system property
   * {@code kemas.specs} or the variable {@code KEMAS_SPECS} names, else in {@code shared/specs}
   * beside the repository. Tests without one count what they could not judge.
   */
  public static Optional<ApiJudge> ofThisMachine() {
    return file().map(ApiJudge::of);
  }

  private static Optional<Path> file() {
    String named =
        System.getProperty("kemas.specs", System.getenv().getOrDefault("KEMAS_SPECS", ""));
    if (!named.isEmpty()) {
      return Optional.of(Path.of(named, FILE)).filter(Files::isReadable);
    }
    return Stream.iterate(Path.of("").toAbsolutePath(), folder -> folder != null, Path::getParent)
        .map(folder -> folder.resolve("shared/specs").resolve(FILE))
        .filter(Files::isReadable)
        .findFirst();
  }

  /**
   * Judges an answer.
   *
   * @param path with or without version, without the query
   * @param body empty when there was none
   * @return what is wrong with it, nothing when it is as specified
   */
  public List<String> judge(String method, String path, int status, String body) {
    String plain = path.replaceFirst("^/v1\\.\\d+(?=/)", "");
    Optional<Map<String, Object>> operation = operation(method, plain);
    if (operation.isEmpty()) {
      return status == 404
          ? judgeAs("ErrorResponse", body)
          : List.of(method + " " + plain + " is not in the specification");
    }
    Map<String, Object> responses = Tree.map(operation.get().get("responses"));
    Map<String, Object> response = Tree.map(find(responses, status));
    if (status >= 400) {
      // any refusal may happen anywhere, and all look alike
      return method.equals("HEAD") ? List.of() : judgeAs("ErrorResponse", body);
    }
    if (response.isEmpty()) {
      return List.of("status " + status + " is not specified for " + method + " " + plain);
    }
    Map<String, Object> schema = Tree.map(response.get("schema"));
    if (schema.isEmpty() || "string".equals(schema.get("type"))) {
      return List.of();
    }
    return judgeAll(schema, body);
  }

  private static Object find(Map<String, Object> responses, int status) {
    Object found = responses.get(Integer.toString(status));
    return found == null ? Map.of() : found;
  }

  /** Judges a text by a definition of the specification, such as {@code BuildInfo}. */
  public List<String> judgeAs(String definition, String body) {
    return judgeAll(Map.of("$ref", "#/definitions/" + definition), body);
  }

  /** A body may be several values, one after another, as events are. */
  private List<String> judgeAll(Map<String, Object> schema, String body) {
    List<String> wrong = new ArrayList<>();
    int count = 0;
    try (JsonParser parser = JSON.createParser(body)) {
      for (JsonNode value = JSON.readTree(parser);
          value != null && !value.isMissingNode();
          value = JSON.readTree(parser)) {
        schemas.judge(schema, value, "", wrong);
        count++;
      }
    } catch (JsonProcessingException e) {
      return List.of("not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      return List.of("not JSON: " + e.getMessage());
    }
    if (count == 0) {
      wrong.add("there is no body");
    }
    return wrong;
  }

  private Optional<Map<String, Object>> operation(String method, String path) {
    // a path without variables comes before one that would take its last word for a name
    return paths.entrySet().stream()
        .filter(entry -> path.matches(pattern(entry.getKey())))
        .filter(entry ->
            Tree.map(entry.getValue()).containsKey(method.toLowerCase(java.util.Locale.ROOT)))
        .min(java.util.Comparator.comparing(entry -> entry.getKey().contains("{")))
        .map(entry ->
            Tree.map(Tree.map(entry.getValue()).get(method.toLowerCase(java.util.Locale.ROOT))));
  }

  /** Names of images have slashes. */
  private static String pattern(String path) {
    return path.replace(".", "\\.").replace("{name}", ".+").replace("{id}", "[^/]+");
  }
}
