package dev.kemas.cli.registry;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.image.ImageName;
import dev.kemas.cli.image.RegistryLogin;
import dev.kemas.cli.stream.Transfer;
import dev.kemas.flag.Flags;

/** {@code kemas push}. */
public final class Push extends Command {
  public Push() {}

  @Override
  public String usage() {
    return "[OPTIONS] NAME[:TAG]";
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
  public String completes() {
    return "image";
  }

  @Override
  public void declare(Flags flags) {
    flags.toggle("all-tags", 'a', "Push all tags of an image to the repository");
    flags.value("platform", "string", "Push one platform's image of a multi-platform one");
    flags.toggle("quiet", 'q', "Suppress verbose output");
  }

  @Override
  public int run(Session session, Flags flags) {
    ImageName name = ImageName.of(flags.arguments().getFirst());
    boolean all = flags.isOn("all-tags");
    if (name.suffix().startsWith("@")) {
      throw new Exit(1, "cannot push a digest reference: name the image by a tag");
    }
    if (all && !name.suffix().isEmpty()) {
      throw new Exit(1, "tag can't be used with --all-tags/-a");
    }
    boolean quiet = flags.isOn("quiet");
    if (!all && name.suffix().isEmpty() && !quiet) {
      session.console().line("Using default tag: latest");
    }
    Request request = Request.post("/images/" + Request.encode(name.name()) + "/push");
    if (!all) {
      request.query("tag", name.suffix().isEmpty() ? "latest" : name.version());
    }
    request.queryIf("platform", flags.text("platform"));
    RegistryLogin.into(request, session, name.name());
    Transfer.run(session, request, quiet, false);
    if (quiet) {
      session.console().line(all ? name.canonicalName() : name.canonical());
    }
    return 0;
  }
}
