package dev.kemas.cli.init;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a Python container starts.
 *
 * @param shown for people
 * @param command in exec form
 * @param port it listens on
 * @param environment that it needs
 * @param health a path that answers 200 when all is well; empty: the port is only opened
 */
record PythonEntry(
    String shown, List<String> command, OptionalInt port, List<String> environment, String health) {

  static Optional<PythonEntry> of(ProjectFolder project, PythonDependencies dependencies) {
    for (String file : project.sources(".py")) {
      String text = project.text(file).orElse("");
      Optional<PythonEntry> web = web(file, text, dependencies);
      if (web.isPresent()) {
        return web;
      }
    }
    if (project.has("manage.py")) {
      return Optional.of(django(project, dependencies));
    }
    Optional<String> script =
        project
            .text("pyproject.toml")
            .map(Toml::parse)
            .flatMap(t -> t.keys("project.scripts").stream().findFirst());
    if (script.isPresent()) {
      return Optional.of(plain("the command " + script.get(), List.of(script.get())));
    }
    return script(project).or(() -> notebooks(project, dependencies));
  }

  private static Optional<PythonEntry> web(
      String file, String text, PythonDependencies dependencies) {
    Optional<String> fast = ProjectFolder.first(text, "^(\\w+)\\s*(?::[^=]+)?=\\s*FastAPI\\(");
    if (fast.isPresent()) {
      int port = port(text, 8000);
      return Optional.of(
          server(
              "FastAPI",
              file,
              port,
              List.of(
                  "uvicorn",
                  module(file) + ":" + fast.get(),
                  "--host",
                  "0.0.0.0",
                  "--port",
                  "" + port),
              text));
    }
    Optional<String> flask = ProjectFolder.first(text, "^(\\w+)\\s*=\\s*Flask\\(");
    if (flask.isPresent()) {
      int port = port(text, 5000);
      List<String> command =
          dependencies.hasAny("gunicorn")
              ? List.of("gunicorn", "--bind", "0.0.0.0:" + port, module(file) + ":" + flask.get())
              : List.of(
                  "flask",
                  "--app",
                  module(file) + ":" + flask.get(),
                  "run",
                  "--host",
                  "0.0.0.0",
                  "--port",
                  "" + port);
      return Optional.of(server("Flask", file, port, command, text));
    }
    if (text.contains("import streamlit") && dependencies.hasAny("streamlit")) {
      return Optional.of(
          new PythonEntry(
              "Streamlit app " + file,
              List.of(
                  "streamlit",
                  "run",
                  file,
                  "--server.address=0.0.0.0",
                  "--server.port=8501",
                  "--server.headless=true"),
              OptionalInt.of(8501),
              List.of(),
              "/_stcore/health"));
    }
    if (text.contains("gradio") && text.contains(".launch(")) {
      int port = port(text, 7860);
      return Optional.of(
          new PythonEntry(
              "Gradio app " + file,
              List.of("python", file),
              OptionalInt.of(port),
              List.of("GRADIO_SERVER_NAME=0.0.0.0", "GRADIO_SERVER_PORT=" + port),
              "/"));
    }
    return Optional.empty();
  }

  private static PythonEntry server(
      String kind, String file, int port, List<String> command, String text) {
    String health =
        ProjectFolder.first(
                text, "\\.(?:get|route)\\(\\s*['\"](/(?:healthz?|ping|ready|livez))['\"]")
            .orElse("");
    return new PythonEntry(
        kind + " app in " + file, command, OptionalInt.of(port), List.of(), health);
  }

  private static int port(String text, int usual) {
    return ProjectFolder.first(text, "port\\s*=\\s*(\\d{4,5})")
        .map(Integer::parseInt)
        .orElse(usual);
  }

  private static PythonEntry django(ProjectFolder project, PythonDependencies dependencies) {
    Optional<String> wsgi =
        project.sources("wsgi.py").stream().findFirst().map(PythonEntry::module);
    List<String> command =
        dependencies.hasAny("gunicorn") && wsgi.isPresent()
            ? List.of("gunicorn", "--bind", "0.0.0.0:8000", wsgi.get() + ":application")
            : List.of("python", "manage.py", "runserver", "0.0.0.0:8000");
    return new PythonEntry("Django project", command, OptionalInt.of(8000), List.of(), "");
  }

  private static Optional<PythonEntry> script(ProjectFolder project) {
    for (String file :
        List.of(
            "main.py",
            "app.py",
            "serve.py",
            "server.py",
            "run.py",
            "train.py",
            "src/main.py",
            "src/app.py",
            "src/train.py",
            "scripts/serve.py",
            "scripts/train.py",
            "app/main.py")) {
      if (project.has(file)) {
        return Optional.of(plain(file, List.of("python", file)));
      }
    }
    Optional<String> main =
        project.sources("__main__.py").stream().findFirst().filter(f -> f.contains("/"));
    if (main.isPresent()) {
      String name = module(main.get().substring(0, main.get().lastIndexOf('/')) + ".py");
      return Optional.of(plain("package " + name, List.of("python", "-m", name)));
    }
    List<String> all = project.sources(".py").stream().filter(f -> !f.equals("setup.py")).toList();
    return all.size() == 1
        ? Optional.of(plain(all.getFirst(), List.of("python", all.getFirst())))
        : all.stream()
            .filter(f -> project.text(f).orElse("").contains("__name__ =="))
            .findFirst()
            .map(f -> plain(f, List.of("python", f)));
  }

  private static Optional<PythonEntry> notebooks(
      ProjectFolder project, PythonDependencies dependencies) {
    boolean jupyter = dependencies.hasAny("jupyter", "jupyterlab", "notebook");
    return jupyter && !project.sources(".ipynb").isEmpty()
        ? Optional.of(
            new PythonEntry(
                "the notebooks, in JupyterLab",
                List.of("jupyter", "lab", "--ip=0.0.0.0", "--port=8888", "--no-browser"),
                OptionalInt.of(8888),
                List.of(),
                ""))
        : Optional.empty();
  }

  private static PythonEntry plain(String shown, List<String> command) {
    return new PythonEntry(shown, command, OptionalInt.empty(), List.of(), "");
  }

  /** The module's name; a src folder is on the path, not in the name. */
  private static String module(String file) {
    return file.replaceFirst("^src/", "").replaceFirst("\\.py$", "").replace('/', '.');
  }

  /** Whether its modules lie beneath src. */
  static boolean hasSrc(ProjectFolder project) {
    return project.sources(".py").stream().anyMatch(f -> f.startsWith("src/"));
  }
}
