package dev.kemas.cli.init;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Python project depends on and who installs it.
 *
 * @param names of the packages, in lower case with dashes
 * @param loose those of a requirements file that have no fixed version
 * @param files what must be copied before the install
 */
record PythonDependencies(Kind kind, Set<String> names, List<String> loose, List<String> files) {
  /** Who installs. */
  enum Kind {
    REQUIREMENTS,
    UV,
    POETRY,
    PDM,
    PYPROJECT,
    SETUP_PY,
    CONDA,
    NONE
  }

  private static final Pattern QUOTED = Pattern.compile("['\"]([A-Za-z][\\w.-]*)[^'\"]*['\"]");

  static Optional<PythonDependencies> of(ProjectFolder project) {
    Optional<Toml> toml = project.text("pyproject.toml").map(Toml::parse);
    Set<String> names = new LinkedHashSet<>();
    toml.ifPresent(t -> pyproject(t, names));
    if (toml.isPresent() && project.has("uv.lock")) {
      return of(Kind.UV, names, "pyproject.toml", "uv.lock");
    }
    if (toml.isPresent() && (project.has("poetry.lock") || toml.get().hasTable("tool.poetry"))) {
      return of(Kind.POETRY, names, "pyproject.toml", "poetry.lock");
    }
    if (toml.isPresent() && project.has("pdm.lock")) {
      return of(Kind.PDM, names, "pyproject.toml", "pdm.lock");
    }
    for (String file :
        List.of("requirements.txt", "requirements/prod.txt", "requirements/base.txt")) {
      if (project.has(file)) {
        List<String> loose = new ArrayList<>();
        Set<String> files = new LinkedHashSet<>();
        requirements(project, file, names, loose, files);
        return Optional.of(
            new PythonDependencies(Kind.REQUIREMENTS, names, loose, List.copyOf(files)));
      }
    }
    for (String file : List.of("environment.yml", "environment.yaml")) {
      Optional<String> text = project.text(file);
      if (text.isPresent()) {
        text.get()
            .lines()
            .filter(line -> line.strip().startsWith("- "))
            .forEach(line -> names.add(name(line.strip().substring(2))));
        return of(Kind.CONDA, names, file);
      }
    }
    if (toml.filter(t -> t.hasTable("project")).isPresent()) {
      return of(Kind.PYPROJECT, names, "pyproject.toml");
    }
    if (project.has("setup.py")) {
      project
          .text("setup.py")
          .ifPresent(text -> {
            Matcher matcher = QUOTED.matcher(text);
            while (matcher.find()) {
              names.add(name(matcher.group(1)));
            }
          });
      return of(Kind.SETUP_PY, names, "setup.py");
    }
    boolean any = !project.sources(".py").isEmpty() || !project.sources(".ipynb").isEmpty();
    return any ? of(Kind.NONE, names) : Optional.empty();
  }

  private static Optional<PythonDependencies> of(Kind kind, Set<String> names, String... files) {
    return Optional.of(new PythonDependencies(kind, names, List.of(), List.of(files)));
  }

  private static void pyproject(Toml toml, Set<String> names) {
    toml.texts("project", "dependencies").forEach(text -> names.add(name(text)));
    toml.keys("tool.poetry.dependencies").forEach(text -> names.add(name(text)));
  }

  private static void requirements(
      ProjectFolder project,
      String file,
      Set<String> names,
      List<String> loose,
      Set<String> files) {
    if (!files.add(file)) {
      return;
    }
    String folder = file.substring(0, file.lastIndexOf('/') + 1);
    for (String raw : project.text(file).orElse("").replaceAll("\\\\\r?\n", " ").split("\n", -1)) {
      String line = raw.replaceFirst("(^|\\s)#.*", "").strip();
      if (line.startsWith("-r") || line.startsWith("--requirement")) {
        requirements(project, folder + value(line), names, loose, files);
      } else if (line.startsWith("-c") || line.startsWith("--constraint")) {
        files.add(folder + value(line));
      } else if (!line.isEmpty() && !line.startsWith("-")) {
        names.add(name(line));
        boolean held = line.contains("==") || line.contains(" @ ") || line.contains("://");
        if (!held) {
          loose.add(line.split("[;\\s]", 2)[0]);
        }
      }
    }
  }

  private static String value(String line) {
    return line.replaceFirst("^--?[a-z]+[\\s=]*", "").strip();
  }

  private static String name(String requirement) {
    return requirement
        .strip()
        .split("[^A-Za-z0-9._-]", 2)[0]
        .toLowerCase(Locale.ROOT)
        .replaceAll("[-_.]+", "-");
  }

  boolean hasAny(String... wanted) {
    return List.of(wanted).stream().anyMatch(names::contains);
  }

  /** Whether something in it computes on a GPU. */
  boolean usesGpu() {
    return hasAny(
        "torch",
        "pytorch",
        "torchvision",
        "tensorflow",
        "tensorflow-gpu",
        "jax",
        "cupy",
        "vllm",
        "pytorch-cuda",
        "cuda",
        "onnxruntime-gpu",
        "accelerate",
        "rapids",
        "cudf",
        "mxnet");
  }

  /** Whether it fetches models from a hub at run time. */
  boolean fetchesModels() {
    return hasAny(
        "transformers", "huggingface-hub", "diffusers", "sentence-transformers", "datasets");
  }
}
