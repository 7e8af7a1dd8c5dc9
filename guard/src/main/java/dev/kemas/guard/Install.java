package dev.kemas.guard;

import dev.kemas.dockerfile.Instruction.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A command that installs dependencies.
 *
 * @param packages what it names, without options and their values
 * @param requirementFiles what {@code -r} and {@code -f} name
 * @param constraintFiles what {@code -c} names
 * @param options the words that begin with a dash
 */
record Install(
    Tool tool,
    String verb,
    List<String> packages,
    List<String> requirementFiles,
    List<String> constraintFiles,
    List<String> options) {

  /** Who installs. */
  enum Tool {
    PIP("pip", "requirements.txt pyproject.toml"),
    CONDA("conda", "environment.yml environment.yaml"),
    POETRY("poetry", "pyproject.toml poetry.lock"),
    UV("uv", "pyproject.toml uv.lock"),
    PDM("pdm", "pyproject.toml pdm.lock"),
    PIPENV("pipenv", "Pipfile Pipfile.lock"),
    NPM("npm", "package.json package-lock.json"),
    YARN("yarn", "package.json yarn.lock"),
    PNPM("pnpm", "package.json pnpm-lock.yaml"),
    MAVEN("Maven", "pom.xml"),
    GRADLE("Gradle", "build.gradle build.gradle.kts settings.gradle settings.gradle.kts"),
    APT("apt-get", "");

    private final String shown;
    private final String manifests;

    Tool(String shown, String manifests) {
      this.shown = shown;
      this.manifests = manifests;
    }

    String shown() {
      return shown;
    }

    /** The files that say what is installed. */
    List<String> manifests() {
      return List.of(manifests.split(" ", -1));
    }
  }

  private static final Set<String> WITH_VALUE =
      Set.of(
          "-i",
          "--index-url",
          "--extra-index-url",
          "-f",
          "--find-links",
          "-t",
          "--target",
          "--platform",
          "--python-version",
          "--python",
          "-p",
          "--prefix",
          "--root",
          "--src",
          "--progress-bar",
          "--timeout",
          "--retries",
          "--trusted-host",
          "--proxy",
          "--cert",
          "--cache-dir",
          "--no-binary",
          "--only-binary",
          "-n",
          "--name",
          "--channel",
          "--group",
          "--only",
          "--with",
          "--without",
          "--extra",
          "-E",
          "--extras",
          "-o",
          "--registry",
          "--upgrade-strategy",
          "--torch-backend",
          "--index",
          "--default-index");

  /** All installs of a RUN in their order. */
  static List<Install> of(Run run) {
    List<Install> found = new ArrayList<>();
    for (List<String> command : ShellCommands.of(run)) {
      of(command).ifPresent(found::add);
    }
    return found;
  }

  static Optional<Install> of(List<String> command) {
    List<String> words = withoutPrefix(command);
    if (words.isEmpty()) {
      return Optional.empty();
    }
    String program = words.getFirst().substring(words.getFirst().lastIndexOf('/') + 1);
    List<String> rest = words.subList(1, words.size());
    if (program.matches("python[\\d.]*") && rest.size() > 1 && rest.getFirst().equals("-m")) {
      return of(rest.subList(1, rest.size()));
    }
    if (program.matches("pip[\\d.]*")) {
      return verb(Tool.PIP, rest, "install", "download", "wheel");
    }
    return switch (program) {
      case "uv" -> uv(rest);
      case "poetry" -> verb(Tool.POETRY, rest, "install", "sync");
      case "pdm" -> verb(Tool.PDM, rest, "install", "sync");
      case "pipenv" -> verb(Tool.PIPENV, rest, "install", "sync");
      case "conda", "mamba", "micromamba" -> conda(rest);
      case "npm" -> verb(Tool.NPM, rest, "install", "i", "ci", "add");
      case "yarn" ->
          rest.isEmpty() || rest.getFirst().startsWith("-")
              ? Optional.of(read(Tool.YARN, "install", rest))
              : verb(Tool.YARN, rest, "install", "add");
      case "pnpm" -> verb(Tool.PNPM, rest, "install", "i", "add", "fetch");
      case "mvn", "mvnw" -> goal(Tool.MAVEN, rest);
      case "gradle", "gradlew" -> goal(Tool.GRADLE, rest);
      case "apt-get", "apt" ->
          verb(
              Tool.APT,
              rest,
              "install",
              "update",
              "upgrade",
              "dist-upgrade",
              "full-upgrade",
              "build-dep");
      default -> Optional.empty();
    };
  }

  /** Without assignments before it and programs that only start another. */
  private static List<String> withoutPrefix(List<String> command) {
    Set<String> starters =
        Set.of(
            "sudo",
            "exec",
            "env",
            "time",
            "nice",
            "then",
            "do",
            "else",
            "if",
            "!",
            "{",
            "corepack");
    int at = 0;
    while (at < command.size()
        && (starters.contains(command.get(at))
            || command.get(at).matches("[A-Za-z_][A-Za-z0-9_]*=.*"))) {
      at++;
    }
    return command.subList(at, command.size());
  }

  private static Optional<Install> uv(List<String> rest) {
    if (!rest.isEmpty() && rest.getFirst().equals("pip")) {
      return verb(Tool.PIP, rest.subList(1, rest.size()), "install", "sync");
    }
    return verb(Tool.UV, rest, "sync");
  }

  private static Optional<Install> conda(List<String> rest) {
    if (rest.size() > 1 && rest.getFirst().equals("env")) {
      return verb(Tool.CONDA, rest.subList(1, rest.size()), "create", "update");
    }
    return verb(Tool.CONDA, rest, "install", "create");
  }

  private static Optional<Install> verb(Tool tool, List<String> rest, String... verbs) {
    for (int i = 0; i < rest.size(); i++) {
      if (List.of(verbs).contains(rest.get(i))) {
        List<String> others = new ArrayList<>(rest.subList(0, i));
        others.addAll(rest.subList(i + 1, rest.size()));
        return Optional.of(read(tool, rest.get(i), others));
      }
      if (!rest.get(i).startsWith("-")) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static Optional<Install> goal(Tool tool, List<String> rest) {
    Install all = read(tool, "", rest);
    return all.packages.isEmpty() ? Optional.empty() : Optional.of(all);
  }

  private static Install read(Tool tool, String verb, List<String> words) {
    List<String> packages = new ArrayList<>();
    List<String> requirements = new ArrayList<>();
    List<String> constraints = new ArrayList<>();
    List<String> options = new ArrayList<>();
    boolean python = tool == Tool.PIP;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String name =
          word.startsWith("--") && word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
      Optional<String> inline =
          name.equals(word) ? Optional.empty() : Optional.of(word.substring(name.length() + 1));
      boolean file =
          (python && Set.of("-r", "--requirement").contains(name))
              || (tool == Tool.CONDA && Set.of("-f", "--file").contains(name));
      boolean constraint = python && Set.of("-c", "--constraint").contains(name);
      if (file || constraint) {
        if (inline.isEmpty() && i + 1 < words.size()) {
          i++;
          inline = Optional.of(words.get(i));
        }
        inline.ifPresent((file ? requirements : constraints)::add);
      } else if (python && word.startsWith("-r") && word.length() > 2) {
        requirements.add(word.substring(2));
      } else if (word.startsWith("-")) {
        options.add(word);
        boolean takesNext = WITH_VALUE.contains(word) || (tool == Tool.CONDA && word.equals("-c"));
        if (takesNext && i + 1 < words.size()) {
          i++;
          options.add(words.get(i));
        } else if (python && Set.of("-e", "--editable").contains(word)) {
          options.remove(word);
        }
      } else if (word.startsWith(">") || word.startsWith("<") || word.equals("2")) {
        if (word.equals(">") || word.equals(">>") || word.equals("<")) {
          i++;
        }
      } else {
        packages.add(word);
      }
    }
    return new Install(tool, verb, packages, requirements, constraints, options);
  }
}
