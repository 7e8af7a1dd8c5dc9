package dev.kemas.build;

import dev.kemas.build.files.FileDigests;
import dev.kemas.build.files.SourceTree;
import dev.kemas.build.plan.Facts;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The contexts of a build: its Dockerfile, their ignore rules, their files, which come when the
 * first step needs them. Safe for several threads.
 */
final class ContextFiles {
  /** What the build's own context is called; no other one can be. */
  static final String MAIN = "";

  /** Files that have come, less what the rules leave out. */
  record Opened(Context.Files files, IgnoreFile ignored) {
    /** Opens them to copy from; the caller closes it. */
    SourceTree tree() {
      return files.lent()
          ? SourceTree.lent(files.root(), ignored)
          : SourceTree.context(files.root(), ignored);
    }

    FileDigests digests() {
      return files.digests();
    }
  }

  private record Definition(String text, Dockerfile dockerfile) {}

  private final BuildRequest.Sources sources;
  private final Dockerfile dockerfile;
  private final Digest digest;
  private final List<String> rules;
  private final Tasks tasks;
  private final Map<String, List<String>> wanted = new ConcurrentHashMap<>();
  private final Map<String, Opened> opened = new ConcurrentHashMap<>();

  private ContextFiles(
      BuildRequest.Sources sources,
      Dockerfile dockerfile,
      Digest digest,
      List<String> rules,
      Tasks tasks) {
    this.sources = sources;
    this.digest = digest;
    this.dockerfile = dockerfile;
    this.rules = rules;
    this.tasks = tasks;
  }

  /**
   * Reads Dockerfile and ignore rules. The Dockerfile itself may be ignored.
   *
   * @throws Fault.InvalidArgument in Docker's words when it is not there, outside, or malformed
   */
  static ContextFiles open(BuildRequest.Sources sources, Tasks tasks) {
    if (sources.context() instanceof RemoteContext remote) {
      tasks.run("[internal] " + remote.title(), remote::fetch);
    }
    String path = sources.dockerfile();
    Definition definition =
        tasks.run(
            "[internal] load build definition from " + path,
            task -> {
              String text = text(sources);
              return new Definition(text, Dockerfile.parse(name(path), text));
            });
    List<String> rules =
        tasks.run(
            "[internal] load .dockerignore",
            task ->
                sources
                    .dockerfileFrom()
                    .text(path + ".dockerignore")
                    .or(() -> sources.context().text(".dockerignore"))
                    .map(ContextFiles::rules)
                    .orElse(List.of()));
    Digest digest = Facts.digest(definition.text() + "\n" + String.join("\n", rules));
    return new ContextFiles(sources, definition.dockerfile(), digest, rules, tasks);
  }

  private static String text(BuildRequest.Sources sources) {
    String path = sources.dockerfile();
    Optional<String> text = sources.dockerfileFrom().text(path);
    if (text.isEmpty() && path.equals("Dockerfile")) {
      text = sources.dockerfileFrom().text(path.toLowerCase(Locale.ROOT));
    }
    return text.orElseThrow(
        () -> new Fault.InvalidArgument("Cannot locate specified Dockerfile: %s".formatted(path)));
  }

  private static String name(String path) {
    return path.replaceFirst("^/+", "");
  }

  /** The rules one by one, checked. */
  private static List<String> rules(String text) {
    IgnoreFile.parse(text);
    List<String> rules = new ArrayList<>();
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    for (String line : body.split("\n", -1)) {
      if (!line.startsWith("#") && !line.isBlank()) {
        rules.add(line.strip());
      }
    }
    return List.copyOf(rules);
  }

  /** Of the Dockerfile's text and the ignore rules. */
  Digest digest() {
    return digest;
  }

  Dockerfile dockerfile() {
    return dockerfile;
  }

  /** What is left out of the main context. */
  IgnoreFile ignored() {
    return IgnoreFile.of(rules);
  }

  /** Says what will be asked for of a context, before anything is; empty for all of it. */
  void want(String name, List<String> paths) {
    wanted.put(name, List.copyOf(paths));
  }

  /** A context's files as far as they have come; empty when no step needed them. */
  Optional<Opened> came(String name) {
    return Optional.ofNullable(opened.get(name));
  }

  /** A context's files; the first call has them come. */
  Opened get(String name, Cancellation cancelled) {
    return opened.computeIfAbsent(name, missing -> load(missing, cancelled));
  }

  private Opened load(String name, Cancellation cancelled) {
    Context context = context(name);
    String title =
        name.equals(MAIN)
            ? "[internal] load build context"
            : "[context %s] %s"
                .formatted(
                    name, context instanceof RemoteContext remote ? remote.title() : "load files");
    return tasks.run(
        title,
        task -> {
          if (context instanceof RemoteContext remote) {
            remote.fetch(task);
          }
          List<String> excludes =
              name.equals(MAIN)
                  ? rules
                  : context.text(".dockerignore").map(ContextFiles::rules).orElse(List.of());
          Context.Wanted all = new Context.Wanted(wanted.getOrDefault(name, List.of()), excludes);
          return new Opened(context.files(all, cancelled), IgnoreFile.of(excludes));
        });
  }

  private Context context(String name) {
    if (name.equals(MAIN)) {
      return sources.context();
    }
    if (sources.named().get(name) instanceof NamedContext.Files files) {
      return files.context();
    }
    throw new Fault.Internal("no files are called " + name);
  }
}
