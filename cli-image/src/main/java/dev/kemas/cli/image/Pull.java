package dev.kemas.cli.image;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.stream.Transfer;
import dev.kemas.flag.Flags;

/** {@code kemas pull}. */
public final class Pull extends Command {
  public Pull() {}

  @Override
  public String usage() {
    return "[OPTIONS] NAME[:TAG|@DIGEST]";
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
  public void declare(Flags flags) {
    flags.toggle("all-tags", 'a', "Download all tagged images in the repository");
    flags.value("platform", "string", "Set platform if server is multi-platform capable");
    flags.toggle("quiet", 'q', "Suppress verbose output");
  }

  @Override
  public int run(Session session, Flags flags) {
    ImageName name = ImageName.of(flags.arguments().getFirst());
    boolean all = flags.isOn("all-tags");
    boolean quiet = flags.isOn("quiet");
    if (all && !name.suffix().isEmpty()) {
      throw new Exit(1, "tag can't be used with --all-tags/-a");
    }
    if (name.suffix().isEmpty() && !all && !quiet) {
      session.console().line("Using default tag: latest");
    }
    Transfer.run(session, request(session, name, all, flags.text("platform")), quiet, false);
    session.console().line(all ? name.canonicalName() : name.canonical());
    return 0;
  }

  private static Request request(Session session, ImageName name, boolean all, String platform) {
    Request request = Request.post("/images/create").query("fromImage", name.name());
    if (!all) {
      request.query("tag", name.suffix().isEmpty() ? "latest" : name.version());
    }
    RegistryLogin.into(request, session, name.name());
    return request.queryIf("platform", platform);
  }

  /** Fetches an image that a container needs; its progress goes to standard error. */
  public static void forRun(Session session, String image, String platform, boolean quiet) {
    Transfer.run(session, request(session, ImageName.of(image), false, platform), quiet, true);
  }
}
