package dev.kemas.cli.command;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.flag.Flags;
import dev.kemas.text.Human;

/** {@code prune} of one kind of object: asks, removes, says what went. */
public abstract class Pruning extends Command {
  protected Pruning() {}

  @Override
  public String usage() {
    return "[OPTIONS]";
  }

  @Override
  public int most() {
    return 0;
  }

  @Override
  public void declare(Flags flags) {
    flags.list("filter", "Provide filter values (e.g. \"until=<timestamp>\", \"label=<label>\")");
    flags.toggle("force", 'f', "Do not prompt for confirmation");
  }

  /** What is shown before the question. */
  protected abstract String warning(Flags flags);

  /** The request, without filters. */
  protected abstract Request request(Flags flags);

  /** More filters than the command line has. */
  protected void filter(Flags flags, Filters filters) {}

  /** The line over what was removed. */
  protected abstract String heading();

  /** The field of the answer that lists what was removed. */
  protected abstract String listField();

  /** Whether the answer says how much room was won. */
  protected boolean tellsSpace() {
    return true;
  }

  /** One removed object as it is shown. */
  protected String shown(Json removed) {
    return removed.text();
  }

  @Override
  public final int run(Session session, Flags flags) {
    if (!flags.isOn("force") && !Confirmation.ask(session.console(), warning(flags))) {
      throw new Exit(1, "");
    }
    prune(session, flags);
    return 0;
  }

  /** Prunes without asking. */
  public final void prune(Session session, Flags flags) {
    Filters filters = Filters.of(flags.all("filter"));
    filter(flags, filters);
    Json answer = session.json(filters.into(request(flags)));
    Console console = session.console();
    if (!answer.get(listField()).items().isEmpty()) {
      console.line(heading());
      for (Json removed : answer.get(listField()).items()) {
        console.line(shown(removed));
      }
      console.line("");
    }
    if (tellsSpace()) {
      console.line("Total reclaimed space: " + Human.size(answer.get("SpaceReclaimed").number()));
    }
  }
}
