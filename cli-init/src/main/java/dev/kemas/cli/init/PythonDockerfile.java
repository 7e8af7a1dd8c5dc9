package dev.kemas.cli.init;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Dockerfile for Python: dependencies in a stage of their own, no root, no caches. */
final class PythonDockerfile {
  private static final String CACHE = "RUN --mount=type=cache,target=/root/.cache/pip ";

  private PythonDockerfile() {}

  static String text(
      PythonDependencies dependencies,
      String version,
      Optional<PythonEntry> entry,
      boolean src,
      ProjectFolder project) {
    boolean conda = dependencies.kind() == PythonDependencies.Kind.CONDA;
    String base = conda ? "debian:bookworm-slim" : "python:" + version + "-slim";
    boolean bare = dependencies.kind() == PythonDependencies.Kind.NONE;
    List<String> lines = new ArrayList<>();
    if (conda) {
      conda(lines, dependencies.files().getFirst());
    } else if (!bare) {
      lines.add("FROM " + base + " AS build");
      lines.add("WORKDIR /app");
      install(lines, dependencies, project);
    }
    if (!bare) {
      lines.add("");
    }
    lines.add("FROM " + base);
    String path = conda ? "/env/bin" : "/opt/venv/bin";
    List<String> environment = new ArrayList<>();
    if (!bare) {
      environment.add("PATH=" + path + ":$PATH");
    }
    environment.add("PYTHONUNBUFFERED=1");
    environment.add("PYTHONDONTWRITEBYTECODE=1");
    if (src) {
      environment.add("PYTHONPATH=/app/src");
    }
    entry.ifPresent(e -> environment.addAll(e.environment()));
    lines.add("ENV " + String.join(" \\\n    ", environment));
    String cache =
        dependencies.fetchesModels()
            ? " && install -d -o app -g app /home/app/.cache /home/app/.cache/huggingface"
            : "";
    lines.add("RUN useradd --uid 1000 --create-home app" + cache);
    lines.add("WORKDIR /app");
    if (!bare) {
      lines.add(conda ? "COPY --from=build /env /env" : "COPY --from=build /opt/venv /opt/venv");
    }
    lines.add("COPY . .");
    lines.add("USER app");
    entry.flatMap(PythonDockerfile::health).ifPresent(lines::add);
    lines.add("CMD " + Texts.exec(entry.map(PythonEntry::command).orElse(List.of("python"))));
    return String.join("\n", lines) + "\n";
  }

  private static void conda(List<String> lines, String file) {
    lines.add("FROM condaforge/miniforge3:24.11.3-0 AS build");
    lines.add("COPY " + file + " ./");
    lines.add(
        "RUN --mount=type=cache,target=/opt/conda/pkgs conda env create --yes --prefix /env --file "
            + file);
  }

  private static void install(
      List<String> lines, PythonDependencies dependencies, ProjectFolder project) {
    String copy = "COPY " + String.join(" ", dependencies.files()) + " ./";
    switch (dependencies.kind()) {
      case REQUIREMENTS -> {
        venv(lines);
        boolean nested = dependencies.files().stream().anyMatch(f -> f.contains("/"));
        lines.add(nested ? "COPY requirements/ ./requirements/" : copy);
        lines.add(CACHE + "pip install -r " + dependencies.files().getFirst());
      }
      case UV -> {
        lines.add(CACHE + "pip install uv==0.5.11");
        lines.add("ENV UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/opt/venv");
        lines.add(copy);
        String sync = "RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked --no-dev";
        lines.add(sync + " --no-install-project");
        if (hasBuildSystem(project)) {
          lines.add("COPY . .");
          lines.add(sync + " --no-editable");
        }
      }
      case POETRY -> {
        lines.add(CACHE + "pip install poetry==1.8.5");
        lines.add("RUN python -m venv /opt/venv");
        lines.add("ENV VIRTUAL_ENV=/opt/venv PATH=/opt/venv/bin:$PATH");
        lines.add(copy);
        lines.add(
            ("RUN --mount=type=cache,target=/root/.cache/pypoetry poetry install --only"
                + " main --no-root"));
      }
      case PDM -> {
        lines.add(CACHE + "pip install pdm==2.22.1");
        venv(lines);
        lines.add(copy);
        lines.add(
            CACHE
                + "pdm export --prod --without-hashes -o locked.txt && pip install -r locked.txt");
      }
      case PYPROJECT -> {
        venv(lines);
        lines.add(copy);
        lines.add(
            CACHE
                + ("python -c \"import tomllib; print(*tomllib.load(open('pyproject.toml',"
                    + " 'rb'))['project'].get('dependencies', []), sep='\\n')\" > listed.txt"
                    + " && pip install -r listed.txt"));
        if (hasBuildSystem(project)) {
          lines.add("COPY . .");
          lines.add(CACHE + "pip install --no-deps .");
        }
      }
      case SETUP_PY -> {
        venv(lines);
        lines.add("COPY . .");
        lines.add(CACHE + "pip install .");
      }
      case CONDA, NONE -> {}
    }
  }

  private static boolean hasBuildSystem(ProjectFolder project) {
    return project
        .text("pyproject.toml")
        .map(Toml::parse)
        .filter(t -> t.hasTable("build-system"))
        .isPresent();
  }

  private static void venv(List<String> lines) {
    lines.add("RUN python -m venv /opt/venv");
    lines.add("ENV PATH=/opt/venv/bin:$PATH");
  }

  private static Optional<String> health(PythonEntry entry) {
    if (entry.port().isEmpty()) {
      return Optional.empty();
    }
    int port = entry.port().getAsInt();
    String check =
        entry.health().isEmpty()
            ? "import socket; socket.create_connection(('127.0.0.1', %d), 3)".formatted(port)
            : "import urllib.request as r; r.urlopen('http://127.0.0.1:%d%s', timeout=3)"
                .formatted(port, entry.health());
    return Optional.of(
        "EXPOSE %d%nHEALTHCHECK --start-period=30s CMD %s"
            .formatted(port, Texts.exec(List.of("python", "-c", check))));
  }
}
