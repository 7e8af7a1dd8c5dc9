package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import dev.kemas.text.Columns;
import java.util.ArrayList;
import java.util.List;

/** {@code kemas top}. */
public final class Top extends Command {
  private static final int LEAST = 20;

  public Top() {}

  @Override
  public String usage() {
    return "CONTAINER [ps OPTIONS]";
  }

  @Override
  public String completes() {
    return "running";
  }

  @Override
  public int least() {
    return 1;
  }

  @Override
  public void declare(Flags flags) {
    flags.stopAtFirstArgument();
  }

  @Override
  public int run(Session session, Flags flags) {
    List<String> words = flags.arguments();
    String options = String.join(" ", words.subList(1, words.size()));
    Json top =
        session.json(Request.get(Paths.of(words.getFirst(), "top")).queryIf("ps_args", options));
    Columns table = new Columns(LEAST, 1);
    table.add(texts(top.get("Titles")));
    for (Json process : top.get("Processes").items()) {
      table.add(texts(process));
    }
    session.console().print(table.text());
    return 0;
  }

  private static String[] texts(Json list) {
    List<String> texts = new ArrayList<>();
    for (Json item : list.items()) {
      texts.add(item.text());
    }
    return texts.toArray(new String[0]);
  }
}
