package dev.kemas.cli.image;

import dev.kemas.api.client.Request;
import dev.kemas.api.client.Response;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.stream.Transfer;
import dev.kemas.flag.Flags;

/** {@code kemas import}. */
public final class Import extends Command {
  public Import() {}

  @Override
  public String usage() {
    return "[OPTIONS] file|URL|- [REPOSITORY[:TAG]]";
  }

  @Override
  public int least() {
    return 1;
  }

  @Override
  public int most() {
    return 2;
  }

  @Override
  public void declare(Flags flags) {
    flags.list("change", 'c', "Apply Dockerfile instruction to the created image");
    flags.value("message", 'm', "string", "Set commit message for imported image");
    flags.value("platform", "string", "Set platform if server is multi-platform capable");
  }

  @Override
  public int run(Session session, Flags flags) {
    String source = flags.arguments().getFirst();
    boolean isUrl = source.startsWith("http://") || source.startsWith("https://");
    Request request = Request.post("/images/create").query("fromSrc", isUrl ? source : "-");
    if (flags.arguments().size() > 1) {
      ImageName name = ImageName.of(flags.arguments().get(1));
      request.query("repo", name.name()).queryIf("tag", name.version());
    }
    request.queryIf("message", flags.text("message")).queryIf("platform", flags.text("platform"));
    for (String change : flags.all("change")) {
      request.query("changes", change);
    }
    if (!isUrl) {
      request.body("application/x-tar", Transfer.from(session, source));
    }
    try (Response response = session.engine().send(request)) {
      Transfer.show(session, response, false);
    }
    return 0;
  }
}
