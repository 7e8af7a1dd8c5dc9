package dev.kemas.dockerfile;

import dev.kemas.dockerfile.Instruction.Add;
import dev.kemas.dockerfile.Instruction.Arg;
import dev.kemas.dockerfile.Instruction.Cmd;
import dev.kemas.dockerfile.Instruction.Copy;
import dev.kemas.dockerfile.Instruction.Entrypoint;
import dev.kemas.dockerfile.Instruction.Env;
import dev.kemas.dockerfile.Instruction.Expose;
import dev.kemas.dockerfile.Instruction.From;
import dev.kemas.dockerfile.Instruction.Label;
import dev.kemas.dockerfile.Instruction.Maintainer;
import dev.kemas.dockerfile.Instruction.OnBuild;
import dev.kemas.dockerfile.Instruction.Pair;
import dev.kemas.dockerfile.Instruction.Run;
import dev.kemas.dockerfile.Instruction.RunNetwork;
import dev.kemas.dockerfile.Instruction.Shell;
import dev.kemas.dockerfile.Instruction.StopSignal;
import dev.kemas.dockerfile.Instruction.User;
import dev.kemas.dockerfile.Instruction.Variable;
import dev.kemas.dockerfile.Instruction.Volume;
import dev.kemas.dockerfile.Instruction.Workdir;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** A node to an instruction. */
final class InstructionReader {
  private static final Pattern STAGE_NAME = Pattern.compile("^[a-z][a-z0-9-_.]*$");
  private static final Set<String> KEYWORDS =
      new TreeSet<>(
          List.of(
              "ADD",
              "ARG",
              "CMD",
              "COPY",
              "ENTRYPOINT",
              "ENV",
              "EXPOSE",
              "FROM",
              "HEALTHCHECK",
              "LABEL",
              "MAINTAINER",
              "ONBUILD",
              "RUN",
              "SHELL",
              "STOPSIGNAL",
              "USER",
              "VOLUME",
              "WORKDIR"));

  private final Node node;
  private final String keyword;
  private final char escape;
  private final FlagReader flags;

  private InstructionReader(Node node, char escape) {
    this.node = node;
    this.keyword = node.keyword().toUpperCase(Locale.ROOT);
    this.escape = escape;
    this.flags = new FlagReader(node);
  }

  static Instruction read(String file, Node node, char escape) {
    InstructionReader reader = new InstructionReader(node, escape);
    try {
      Instruction instruction = reader.instruction();
      reader.flags.end();
      return instruction;
    } catch (Problem problem) {
      throw Problem.fault(file, node.range(), reader.keyword, problem.text());
    }
  }

  private Instruction instruction() throws Problem {
    return switch (keyword) {
      case "ADD" -> add();
      case "ARG" -> arg();
      case "CMD" -> new Cmd(node, commandLine());
      case "COPY" -> copy();
      case "ENTRYPOINT" -> new Entrypoint(node, commandLine());
      case "ENV" -> new Env(node, pairs());
      case "EXPOSE" -> new Expose(node, atLeastOne(Words.plain(node.arguments())));
      case "FROM" -> from();
      case "HEALTHCHECK" -> HealthcheckReader.read(node, flags);
      case "LABEL" -> new Label(node, pairs());
      case "MAINTAINER" -> new Maintainer(node, exactlyOne());
      case "ONBUILD" -> onBuild();
      case "RUN" -> run();
      case "SHELL" -> shell();
      case "STOPSIGNAL" -> new StopSignal(node, exactlyOne());
      case "USER" -> new User(node, exactlyOne());
      case "VOLUME" -> volume();
      case "WORKDIR" -> new Workdir(node, exactlyOne());
      default -> throw unknown(node.keyword());
    };
  }

  private static Problem unknown(String written) {
    boolean upper = written.equals(written.toUpperCase(Locale.ROOT));
    String near =
        Suggestion.nearest(written.toUpperCase(Locale.ROOT), KEYWORDS)
            .map(name -> upper ? name : name.toLowerCase(Locale.ROOT))
            .map(" (did you mean %s?)"::formatted)
            .orElse("");
    return new Problem("unknown instruction: " + written + near);
  }

  private String exactlyOne() throws Problem {
    if (node.arguments().isEmpty()) {
      throw new Problem(keyword + " requires exactly one argument");
    }
    return node.arguments();
  }

  private List<String> atLeastOne(List<String> arguments) throws Problem {
    if (arguments.isEmpty()) {
      throw new Problem(keyword + " requires at least one argument");
    }
    return List.copyOf(arguments);
  }

  private From from() throws Problem {
    List<String> words = Words.plain(node.arguments());
    Optional<String> platform = flags.string("platform");
    if (words.size() == 1) {
      return new From(node, words.getFirst(), platform, Optional.empty());
    }
    if (words.size() != 3 || !words.get(1).equalsIgnoreCase("as")) {
      throw new Problem("FROM requires either one or three arguments");
    }
    String name = words.get(2).toLowerCase(Locale.ROOT);
    if (!STAGE_NAME.matcher(name).matches()) {
      throw new Problem(
          "invalid name for build stage: \"%s\", name can't start with a number or contain symbols"
              .formatted(words.get(2)));
    }
    return new From(node, words.getFirst(), platform, Optional.of(name));
  }

  private CommandLine commandLine() throws Problem {
    Optional<List<String>> exec = JsonStrings.parse(node.arguments());
    if (exec.isPresent()) {
      return new CommandLine.Exec(exec.get());
    }
    return node.arguments().isEmpty()
        ? new CommandLine.Exec(List.of())
        : new CommandLine.Shell(node.arguments());
  }

  private Run run() throws Problem {
    CommandLine command = commandLine();
    if (command.equals(new CommandLine.Exec(List.of()))) {
      throw new Problem("RUN requires at least one argument");
    }
    if (!node.heredocs().isEmpty()) {
      command = withHeredocs();
    }
    List<MountFlag> mounts = new ArrayList<>();
    for (Flag flag : flags.values("mount")) {
      mounts.add(mount(flag));
    }
    List<Device> devices = new ArrayList<>();
    for (String text : flags.strings("device")) {
      devices.add(DeviceReader.read(text));
    }
    RunNetwork network =
        switch (flags.string("network").orElse("default")) {
          case "default" -> RunNetwork.DEFAULT;
          case "none" -> RunNetwork.NONE;
          case "host" -> RunNetwork.HOST;
          default ->
              throw new Problem(
                  "invalid network mode \"%s\": use default, none or host"
                      .formatted(flags.string("network").orElse("")));
        };
    String security = flags.string("security").orElse("sandbox");
    if (!security.equals("sandbox") && !security.equals("insecure")) {
      throw new Problem(
          "security \"%s\" is not valid: use sandbox or insecure".formatted(security));
    }
    return new Run(
        node,
        command,
        List.copyOf(mounts),
        network,
        security.equals("insecure"),
        List.copyOf(devices));
  }

  /** A mount without variables is looked at right away, so that its mistakes show first. */
  private static MountFlag mount(Flag flag) throws Problem {
    String text = flag.value().orElse("");
    if (text.indexOf('$') < 0) {
      MountReader.read(text, value -> value, "/at-work");
    } else {
      Settings.split(text);
    }
    return new MountFlag(text, flag.range());
  }

  /** A lone heredoc is the script itself; with a command beside it, the shell reads them. */
  private CommandLine withHeredocs() {
    Heredoc first = node.heredocs().getFirst();
    if (HeredocOpening.only(node.arguments(), escape).isPresent()) {
      return first.content().startsWith("#!")
          ? new CommandLine.Script(first.text())
          : new CommandLine.Shell(first.text());
    }
    StringBuilder text = new StringBuilder(node.arguments());
    for (Heredoc heredoc : node.heredocs()) {
      text.append('\n').append(heredoc.content()).append(heredoc.name());
    }
    return new CommandLine.Shell(text.toString());
  }

  private List<Pair> pairs() throws Problem {
    List<String> words = atLeastOne(Words.split(node.arguments(), escape));
    if (!words.getFirst().contains("=")) {
      // the old form: one name, and all the rest of the line is its value
      String[] parts = node.arguments().split("[\\t\\x0B\\f\\r ]+", 2);
      if (parts.length < 2) {
        throw new Problem(keyword + " must have two arguments");
      }
      return List.of(new Pair(parts[0], parts[1]));
    }
    List<Pair> pairs = new ArrayList<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        throw new Problem(
            "Syntax error - can't find = in \"%s\". Must be of the form: name=value"
                .formatted(word));
      }
      if (equals == 0) {
        throw new Problem(keyword + " names can not be blank");
      }
      pairs.add(new Pair(word.substring(0, equals), word.substring(equals + 1)));
    }
    return List.copyOf(pairs);
  }

  private Arg arg() throws Problem {
    List<Variable> variables = new ArrayList<>();
    for (String word : atLeastOne(Words.split(node.arguments(), escape))) {
      int equals = word.indexOf('=');
      if (equals == 0) {
        throw new Problem("ARG names can not be blank");
      }
      variables.add(
          equals < 0
              ? new Variable(word, Optional.empty())
              : new Variable(word.substring(0, equals), Optional.of(word.substring(equals + 1))));
    }
    return new Arg(node, List.copyOf(variables));
  }

  private List<String> jsonOrWords() throws Problem {
    Optional<List<String>> json = JsonStrings.parse(node.arguments());
    return json.isPresent() ? json.get() : Words.plain(node.arguments());
  }

  private record Paths(List<CopySource> sources, String destination) {}

  private Paths paths() throws Problem {
    List<String> words = jsonOrWords();
    if (words.size() < 2) {
      throw new Problem(
          words.isEmpty()
              ? keyword + " requires at least two arguments"
              : keyword
                  + " requires at least two arguments, but only one was provided."
                  + " Destination could not be determined");
    }
    String destination = words.getLast();
    if (!node.heredocs().isEmpty() && HeredocOpening.of(destination).isPresent()) {
      throw new Problem(keyword + " cannot accept a heredoc as a destination");
    }
    List<CopySource> sources = new ArrayList<>();
    int heredoc = 0;
    for (String word : words.subList(0, words.size() - 1)) {
      if (heredoc < node.heredocs().size() && HeredocOpening.of(word).isPresent()) {
        sources.add(new CopySource.Inline(node.heredocs().get(heredoc)));
        heredoc++;
      } else {
        sources.add(new CopySource.Location(word));
      }
    }
    return new Paths(List.copyOf(sources), destination);
  }

  private Copy copy() throws Problem {
    Paths paths = paths();
    return new Copy(
        node,
        paths.sources(),
        paths.destination(),
        flags.string("from"),
        flags.string("chown"),
        flags.string("chmod"),
        flags.bool("link").orElse(false),
        flags.bool("parents").orElse(false),
        List.copyOf(flags.strings("exclude")));
  }

  private Add add() throws Problem {
    Paths paths = paths();
    return new Add(
        node,
        paths.sources(),
        paths.destination(),
        flags.string("chown"),
        flags.string("chmod"),
        flags.bool("link").orElse(false),
        List.copyOf(flags.strings("exclude")),
        flags.string("checksum"),
        flags.bool("keep-git-dir"),
        flags.bool("unpack"));
  }

  private Volume volume() throws Problem {
    List<String> paths = atLeastOne(jsonOrWords());
    for (String path : paths) {
      if (path.isBlank()) {
        throw new Problem("VOLUME specified can not be an empty string");
      }
    }
    return new Volume(node, paths);
  }

  private Shell shell() throws Problem {
    if (node.arguments().isEmpty()) {
      throw new Problem("SHELL requires at least one argument");
    }
    List<String> command =
        JsonStrings.parse(node.arguments())
            .orElseThrow(() -> new Problem("SHELL requires the arguments to be in JSON form"));
    return new Shell(node, atLeastOne(command));
  }

  private OnBuild onBuild() throws Problem {
    if (node.arguments().isEmpty()) {
      throw new Problem("ONBUILD requires at least one argument");
    }
    String written = Words.plain(node.arguments()).getFirst();
    String trigger = written.toUpperCase(Locale.ROOT);
    switch (trigger) {
      case "ONBUILD" -> throw new Problem("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
      case "FROM", "MAINTAINER" ->
          throw new Problem(trigger + " isn't allowed as an ONBUILD trigger");
      default -> {
        if (!KEYWORDS.contains(trigger)) {
          throw unknown(written);
        }
      }
    }
    StringBuilder text = new StringBuilder(node.arguments());
    for (Heredoc heredoc : node.heredocs()) {
      text.append('\n').append(heredoc.content()).append(heredoc.name());
    }
    return new OnBuild(node, text.toString());
  }
}
