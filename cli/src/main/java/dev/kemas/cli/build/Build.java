package dev.kemas.cli.build;

import dev.kemas.api.client.Request;
import dev.kemas.api.client.Response;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.image.ImageName;
import dev.kemas.cli.image.RegistryLogin;
import dev.kemas.cli.lend.Lender;
import dev.kemas.cli.lend.Lent;
import dev.kemas.cli.stream.Progress;
import dev.kemas.cli.stream.ProgressError;
import dev.kemas.cli.stream.Transfer;
import dev.kemas.flag.Flags;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code kemas build}. */
public final class Build extends Command {
  public Build() {}

  @Override
  public String usage() {
    return "[OPTIONS] PATH | URL | -";
  }

  @Override
  public int least() {
    return 1;
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "kemas build -t app:1.0 .                 the folder here, with its Dockerfile",
        "kemas build -f docker/Dockerfile -t app .  another Dockerfile, the same folder",
        "kemas build - < Dockerfile               a Dockerfile alone",
        "kemas build https://host/app.git#v1:src  a folder of a repository, at a tag",
        "kemas build --check .                    what is likely not meant, without building",
        "kemas build --on-error=shell .           a shell where a RUN fails",
        "kemas build --explain -t app .           why each step ran that was not cached",
        "kemas build --verify --source-date-epoch newest .  whether it builds the same twice");
  }

  @Override
  public void declare(Flags flags) {
    Options.declare(flags);
  }

  @Override
  public int run(Session session, Flags flags) {
    String question = question(flags);
    List<String> tags = flags.all("tag");
    if (flags.isOn("push") && tags.isEmpty()) {
      throw new Exit(
          1, "nothing to push: the image has no name; give it one with -t REGISTRY/NAME:TAG");
    }
    if (flags.isOn("verify")) {
      return Verify.run(session, flags);
    }
    Lending lending = Lending.of(session, flags);
    Source source = source(session, flags);
    Request request = new BuildQuery(session, flags, source, lending).request(tags, false);
    request.queryIf("question", question);
    // plain builds stay as they are: an archive in the body starts faster than a session
    Optional<Lender.Lending> lent =
        lending.lent().isEmpty() ? Optional.empty() : Optional.of(lend(session, source, lending));
    if (lent.isPresent()) {
      request.query("session", lent.get().id());
    }
    if (lent.isPresent() && source.lendable().isPresent()) {
      request.query("lent", true).query("dockerfile", source.lendable().get().fileName());
    } else {
      source.into(request);
    }
    boolean onError = lending.toStandardOutput();
    boolean quiet = flags.isOn("quiet") || flags.text("progress").equals("quiet");
    Outcome outcome = new Outcome();
    try {
      send(session, request, shown(session, flags), onError, lending.screen(), outcome);
    } finally {
      lent.ifPresent(Lender.Lending::close);
      if (flags.isOn("explain") && !outcome.explained().isEmpty()) {
        session.console().print(outcome.account());
      }
    }
    if (!question.isEmpty()) {
      return answered(session, question, outcome);
    }
    lending.caches().left(outcome.cacheManifest());
    if (flags.isOn("explain") && outcome.explained().isEmpty()) {
      session.console().print(outcome.account());
    }
    if (flags.isOn("push")) {
      tags.forEach(tag -> push(session, tag, quiet));
    }
    if (quiet) {
      session.console().line(outcome.id());
    }
    writeId(flags.text("iidfile"), outcome.id());
    if (flags.isSet("metadata-file")) {
      write(
          flags.text("metadata-file"),
          outcome.metadata(tags, flags.isOn("explain")).pretty("  ") + "\n");
    }
    return 0;
  }

  /** Lends all that is needed, and the context too: only what changed of it travels then. */
  private static Lender.Lending lend(Session session, Source source, Lending lending) {
    Lent lent = lending.lent();
    if (source.lendable().isPresent()) {
      Source.Folder folder = source.lendable().get();
      lent = lent.withFolders(Map.of("context", folder.root(), "dockerfile", folder.fileFolder()));
    }
    String home = System.getProperty("kemas.home", "");
    return Lender.load(home)
        .lend(session.engine().endpoint(), lent, session.environment(), source.project());
  }

  static Source source(Session session, Flags flags) {
    return Source.of(session, flags.arguments().getFirst(), flags.text("file"));
  }

  private static String question(Flags flags) {
    String call = flags.isOn("check") ? "check" : flags.text("call");
    return switch (call) {
      case "build" -> "";
      case "check", "outline", "targets" -> call;
      case "lint" -> "check";
      default -> throw flags.invalid("call", call, "want build, check, outline or targets");
    };
  }

  private static int answered(Session session, String question, Outcome outcome) {
    if (outcome.answer().isNull()) {
      throw new Exit(
          1, "the engine does not answer --call=" + question + ": it takes an engine of Kemas");
    }
    session.console().print(outcome.told(question));
    return question.equals("check") && Findings.any(outcome.answer()) ? 1 : 0;
  }

  /** Sends a build's request and shows what comes, each kind of progress in its way. */
  static void send(
      Session session,
      Request request,
      Shown shown,
      boolean onError,
      Optional<ShellScreen> screen,
      Outcome outcome) {
    screen.ifPresent(shared -> outcome.onShell(shared::announce));
    try (Response response = session.engine().send(request)) {
      if (shown == Shown.RAW) {
        Raw.show(session, response, outcome);
        return;
      }
      OutputStream stream =
          switch (shown) {
            case NOTHING -> OutputStream.nullOutputStream();
            default -> onError ? session.console().err() : session.console().out();
          };
      OutputStream out = screen.map(shared -> shared.sharing(stream)).orElse(stream);
      Progress progress =
          shown == Shown.TERMINAL ? Progress.onTerminal(out, onError) : Progress.plain(out);
      progress.show(response.jsonStream(), outcome::take);
    } catch (ProgressError e) {
      throw new Exit(e.code() == 0 ? 1 : e.code(), e.text(), e);
    }
  }

  /** How much is shown. */
  enum Shown {
    TERMINAL,
    PLAIN,
    RAW,
    NOTHING
  }

  private static Shown shown(Session session, Flags flags) {
    if (flags.isOn("quiet")) {
      return Shown.NOTHING;
    }
    return switch (flags.text("progress")) {
      case "auto" -> session.console().outIsTerminal() ? Shown.TERMINAL : Shown.PLAIN;
      case "plain" -> Shown.PLAIN;
      case "tty" -> {
        if (!session.console().outIsTerminal()) {
          throw new Exit(1, "--progress=tty needs a terminal: use auto or plain");
        }
        yield Shown.TERMINAL;
      }
      case "quiet" -> Shown.NOTHING;
      case "rawjson" -> Shown.RAW;
      default ->
          throw flags.invalid(
              "progress", flags.text("progress"), "want auto, plain, tty, quiet or rawjson");
    };
  }

  private static void push(Session session, String tag, boolean quiet) {
    ImageName name = ImageName.of(tag);
    Request request =
        Request.post("/images/" + Request.encode(name.name()) + "/push")
            .query("tag", name.suffix().isEmpty() ? "latest" : name.version());
    RegistryLogin.into(request, session, name.name());
    Transfer.run(session, request, quiet, false);
  }

  private static void writeId(String file, String id) {
    if (file.isEmpty()) {
      return;
    }
    if (id.isEmpty()) {
      throw new Exit(1, "the engine did not say the id of the image: " + file + " is not written");
    }
    write(file, id);
  }

  private static void write(String file, String text) {
    try {
      Files.writeString(Path.of(file), text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Exit(1, "cannot write " + file + ": " + e, e);
    }
  }
}
