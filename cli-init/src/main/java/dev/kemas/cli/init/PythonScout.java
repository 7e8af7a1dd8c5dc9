package dev.kemas.cli.init;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Recognises a Python project. */
final class PythonScout {
  private static final String PRESET = "3.11";
  private static final List<String> DATA =
      List.of(
          "data",
          "datasets",
          "dataset",
          "models",
          "weights",
          "checkpoints",
          "artifacts",
          "outputs");

  private PythonScout() {}

  static Optional<Proposal> look(ProjectFolder project) {
    return PythonDependencies.of(project).map(dependencies -> proposal(project, dependencies));
  }

  private static Proposal proposal(ProjectFolder project, PythonDependencies dependencies) {
    List<Proposal.Choice> found = new ArrayList<>();
    List<String> advice = new ArrayList<>();
    Proposal.Choice version = version(project);
    Optional<PythonEntry> entry = PythonEntry.of(project, dependencies);
    found.add(installer(dependencies));
    if (dependencies.kind() != PythonDependencies.Kind.CONDA) {
      found.add(new Proposal.Choice("Python " + version.what(), version.why()));
    }
    found.add(
        entry
            .map(e ->
                new Proposal.Choice(
                    "starts",
                    e.shown() + (e.port().isPresent() ? ", port " + e.port().getAsInt() : "")))
            .orElse(new Proposal.Choice("starts", "python: no entry point was recognised")));
    List<String> places = DATA.stream().filter(project::hasFolder).toList();
    if (!places.isEmpty()) {
      found.add(
          new Proposal.Choice(
              "mounts " + String.join(", ", places), "data and models stay out of the image"));
    }
    if (dependencies.usesGpu()) {
      found.add(
          new Proposal.Choice(
              "GPU", "reserved in compose.yaml: a framework that uses one is there"));
      advice.add("compose.yaml reserves GPUs: on a machine without one, delete its deploy part");
    }
    advise(project, dependencies, entry, advice);
    String dockerfile =
        PythonDockerfile.text(
            dependencies, version.what(), entry, PythonEntry.hasSrc(project), project);
    return new Proposal(
        "Python",
        found,
        dockerfile,
        ignored(places),
        entry.map(PythonEntry::port).orElse(OptionalInt.empty()),
        service(dependencies, places),
        dependencies.fetchesModels() ? List.of("models-cache") : List.of(),
        advice);
  }

  private static void advise(
      ProjectFolder project,
      PythonDependencies dependencies,
      Optional<PythonEntry> entry,
      List<String> advice) {
    if (entry.isEmpty()) {
      advice.add("set CMD in the Dockerfile to what the container is to start");
    }
    if (!dependencies.loose().isEmpty()) {
      advice.add(
          ("no fixed version for %s: write NAME==VERSION, so that the image can be"
                  + " built again (pip freeze shows what is installed)")
              .formatted(String.join(", ", dependencies.loose())));
    }
    switch (dependencies.kind()) {
      case NONE ->
          advice.add(
              ("no list of dependencies: pip freeze > requirements.txt writes one; then"
                  + " run kemas init --force"));
      case PYPROJECT -> advice.add("no lock file: uv lock writes one; then run kemas init --force");
      case POETRY -> {
        if (!project.has("poetry.lock")) {
          advice.add("poetry.lock is missing and the build needs it: run poetry lock");
        }
      }
      case REQUIREMENTS, UV, PDM, SETUP_PY, CONDA -> {}
    }
    boolean fastApi = entry.filter(e -> e.command().getFirst().equals("uvicorn")).isPresent();
    boolean listed = dependencies.kind() == PythonDependencies.Kind.REQUIREMENTS;
    if (fastApi
        && listed
        && !dependencies.hasAny("uvicorn")
        && !project.find("requirements.txt", "(fastapi\\[)").isPresent()) {
      advice.add("uvicorn is not among the dependencies and is what serves FastAPI: add it");
    }
  }

  private static Proposal.Choice installer(PythonDependencies dependencies) {
    String files = String.join(", ", dependencies.files());
    return switch (dependencies.kind()) {
      case REQUIREMENTS ->
          new Proposal.Choice("pip", "installs " + files + " in a stage of its own");
      case UV -> new Proposal.Choice("uv", "there is uv.lock");
      case POETRY -> new Proposal.Choice("Poetry", "pyproject.toml is Poetry's");
      case PDM -> new Proposal.Choice("PDM", "there is pdm.lock");
      case PYPROJECT -> new Proposal.Choice("pip", "installs the project of pyproject.toml");
      case SETUP_PY -> new Proposal.Choice("pip", "installs the project of setup.py");
      case CONDA -> new Proposal.Choice("conda", "makes the environment of " + files);
      case NONE -> new Proposal.Choice("no dependencies", "only Python files were found");
    };
  }

  /** The version and where it was read. */
  private static Proposal.Choice version(ProjectFolder project) {
    Optional<String> file = project.find(".python-version", "^\\D*(3\\.\\d+)");
    if (file.isPresent()) {
      return new Proposal.Choice(file.get(), "says .python-version");
    }
    Optional<Toml> toml = project.text("pyproject.toml").map(Toml::parse);
    Optional<String> wanted =
        toml.flatMap(t ->
            t.text("project", "requires-python")
                .or(() -> t.text("tool.poetry.dependencies", "python")));
    if (wanted.isPresent()) {
      return new Proposal.Choice(
          fitting(wanted.get()), "fits \"" + wanted.get() + "\" of pyproject.toml");
    }
    return new Proposal.Choice(PRESET, "nothing says another one");
  }

  /** The preset where the bounds allow it, otherwise the lowest that they allow. */
  private static String fitting(String bounds) {
    int preset = minor(PRESET);
    Optional<Integer> lowest =
        ProjectFolder.first(bounds, "(?:>=|\\^|~=?|==)\\s*3\\.(\\d+)").map(Integer::parseInt);
    Optional<Integer> below = ProjectFolder.first(bounds, "<\\s*3\\.(\\d+)").map(Integer::parseInt);
    boolean exact = bounds.matches("\\s*(~|==|~=3\\.\\d+\\.)\\s*3?.*") && !bounds.contains(">=");
    if (lowest.isPresent() && (lowest.get() > preset || exact)) {
      return "3." + lowest.get();
    }
    return below.isPresent() && below.get() <= preset ? "3." + (below.get() - 1) : PRESET;
  }

  private static int minor(String version) {
    return Integer.parseInt(version.substring(version.indexOf('.') + 1));
  }

  private static List<String> ignored(List<String> places) {
    List<String> ignored =
        new ArrayList<>(
            List.of(
                "**/__pycache__",
                "**/*.pyc",
                ".venv",
                "venv",
                "env",
                ".pytest_cache",
                ".mypy_cache",
                ".ruff_cache",
                "**/.ipynb_checkpoints",
                "*.egg-info",
                "dist",
                "mlruns",
                "wandb"));
    ignored.add("# data and models: mounted when the container runs");
    ignored.addAll(places);
    ignored.addAll(
        List.of(
            "**/*.parquet",
            "**/*.safetensors",
            "**/*.pt",
            "**/*.pth",
            "**/*.onnx",
            "**/*.gguf",
            "**/*.ckpt",
            "**/*.h5"));
    return ignored;
  }

  private static List<String> service(PythonDependencies dependencies, List<String> places) {
    List<String> lines = new ArrayList<>();
    if (!places.isEmpty() || dependencies.fetchesModels()) {
      lines.add("volumes:");
      for (String place : places) {
        boolean read = place.startsWith("data");
        lines.add("  - ./%s:/app/%s%s".formatted(place, place, read ? ":ro" : ""));
      }
      if (dependencies.fetchesModels()) {
        lines.add("  - models-cache:/home/app/.cache/huggingface");
      }
    }
    if (dependencies.usesGpu()) {
      lines.addAll(
          List.of(
              "deploy:",
              "  resources:",
              "    reservations:",
              "      devices:",
              "        - driver: nvidia",
              "          count: all",
              "          capabilities: [gpu]"));
    }
    return lines;
  }
}
