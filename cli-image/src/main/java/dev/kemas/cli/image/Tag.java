package dev.kemas.cli.image;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;

/** {@code kemas tag}. */
public final class Tag extends Command {
  public Tag() {}

  @Override
  public String usage() {
    return "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]";
  }

  @Override
  public String completes() {
    return "images";
  }

  @Override
  public int least() {
    return 2;
  }

  @Override
  public int most() {
    return 2;
  }

  @Override
  public int run(Session session, Flags flags) {
    ImageName target = ImageName.of(flags.arguments().get(1));
    session.done(
        Request.post("/images/" + Request.encode(flags.arguments().getFirst()) + "/tag")
            .query("repo", target.name())
            .queryIf("tag", target.version()));
    return 0;
  }
}
