package dev.kemas.cli.init;

import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Console;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code kemas init}: works without an engine. */
public final class Init extends Command {
  public Init() {}

  @Override
  public String usage() {
    return "[OPTIONS] [FOLDER]";
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "kemas init                    look at the folder here and write what it needs",
        "kemas init --dry-run app      show what would be written for the folder app",
        "kemas init --language node    when a folder holds more than one project");
  }

  @Override
  public void declare(Flags flags) {
    flags.toggle("dry-run", "Print the files, write nothing");
    flags.toggle("force", 'f', "Overwrite files that are there");
    flags.value("language", 'l', "string", "Which project it is: python, java or node");
  }

  @Override
  public int run(Session session, Flags flags) {
    Path folder = Path.of(flags.arguments().isEmpty() ? "." : flags.arguments().getFirst());
    if (!Files.isDirectory(folder)) {
      throw new Exit(1, "kemas: " + folder + " is no folder: name the one that holds the project");
    }
    ProjectFolder project = ProjectFolder.of(folder);
    Proposal proposal = proposal(project, flags.text("language"), flags);
    Map<String, String> files = files(proposal, project.name());
    Console console = session.console();
    if (flags.isOn("dry-run")) {
      files.forEach((name, text) -> console.line("==> " + name + "\n" + text));
      tell(console, proposal);
      return 0;
    }
    if (!flags.isOn("force")) {
      refuseToOverwrite(folder, files);
    }
    tell(console, proposal);
    write(folder, files);
    console.line("");
    console.line("Wrote " + String.join(", ", files.keySet()));
    next(console, proposal, project.name(), flags);
    return 0;
  }

  /** What the folder's project needs; for tests, too. */
  static Proposal proposal(ProjectFolder project, String language, Flags flags) {
    Optional<Proposal> found =
        switch (language) {
          case "" ->
              JavaScout.look(project)
                  .or(() -> frontEndAside(project))
                  .or(() -> NodeScout.look(project));
          case "python" -> PythonScout.look(project);
          case "java" -> JavaScout.look(project);
          case "node", "javascript", "typescript" -> NodeScout.look(project);
          default -> throw flags.invalid("language", language, "must be one of python, java, node");
        };
    return found.orElseThrow(() ->
        new Exit(
            1,
            """
            kemas: no %sproject was recognised here.
            Looked for, in this folder:
              Python  requirements.txt, pyproject.toml, setup.py, environment.yml, *.py, *.ipynb
              Java    pom.xml, build.gradle, build.gradle.kts
              Node    package.json
            Next: go to the project's folder or name it (kemas init FOLDER), or write the list of
            what it depends on first (Python: pip freeze > requirements.txt).\
            """
                .formatted(language.isEmpty() ? "" : language + " ")));
  }

  /** A package.json beside Python sources is rather their tools' than the project. */
  private static Optional<Proposal> frontEndAside(ProjectFolder project) {
    boolean python =
        List.of("requirements.txt", "pyproject.toml", "setup.py", "environment.yml").stream()
            .anyMatch(project::has);
    return python || !project.has("package.json") ? PythonScout.look(project) : Optional.empty();
  }

  static Map<String, String> files(Proposal proposal, String name) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("Dockerfile", proposal.dockerfile());
    files.put(".dockerignore", Texts.dockerignore(proposal));
    files.put("compose.yaml", Texts.compose(proposal, name));
    return files;
  }

  private static void refuseToOverwrite(Path folder, Map<String, String> files) {
    List<String> there =
        files.keySet().stream().filter(name -> Files.exists(folder.resolve(name))).toList();
    if (!there.isEmpty()) {
      boolean one = there.size() == 1;
      throw new Exit(
          1,
          ("kemas: %s %s here already and %s left as %s.%nNext: look at what would"
                  + " be written with kemas init --dry-run, or overwrite with kemas init --force")
              .formatted(
                  String.join(", ", there),
                  one ? "is" : "are",
                  one ? "is" : "are",
                  one ? "it is" : "they are"));
    }
  }

  private static void write(Path folder, Map<String, String> files) {
    files.forEach((name, text) -> {
      try {
        Files.writeString(folder.resolve(name), text);
      } catch (IOException e) {
        throw new Exit(1, "kemas: cannot write " + folder.resolve(name) + ": " + e, e);
      }
    });
  }

  private static void tell(Console console, Proposal proposal) {
    console.line("Found a " + proposal.language() + " project");
    int widest = 0;
    for (Proposal.Choice choice : proposal.found()) {
      widest = Math.max(widest, choice.what().length());
    }
    for (Proposal.Choice choice : proposal.found()) {
      String gap = " ".repeat(widest - choice.what().length() + 2);
      console.line("  " + choice.what() + gap + choice.why());
    }
    if (!proposal.advice().isEmpty()) {
      console.line("");
      proposal.advice().forEach(line -> console.line("Note: " + line));
    }
  }

  private static void next(Console console, Proposal proposal, String name, Flags flags) {
    String folder = flags.arguments().isEmpty() ? "." : flags.arguments().getFirst();
    String port =
        proposal.port().isPresent()
            ? " -p " + proposal.port().getAsInt() + ":" + proposal.port().getAsInt()
            : "";
    // a source without a slash first would be the name of a volume
    String source = folder.startsWith("/") || folder.startsWith(".") ? folder : "./" + folder;
    StringBuilder mounts = new StringBuilder();
    for (String line : proposal.service()) {
      if (line.startsWith("  - ./")) {
        mounts.append(" -v ").append(source).append(line.substring("  - .".length()));
      }
    }
    console.line("Next:  kemas build -t " + name + " " + folder);
    console.line("       kemas run --rm" + port + mounts + " " + name);
  }
}
