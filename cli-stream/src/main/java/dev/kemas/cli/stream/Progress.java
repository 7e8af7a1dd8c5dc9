package dev.kemas.cli.stream;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.JsonReader;
import dev.kemas.fault.Fault;
import dev.kemas.text.Human;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Shows the messages of a long request (pull, load, build, bootstrap). On a terminal each id has a
 * line of its own that is rewritten, with a bar; elsewhere each new status is a line and the bars
 * are left out.
 */
public final class Progress {
  private static final int BAR = 24;

  private final OutputStream out;
  private final boolean terminal;
  private final Map<String, Integer> lines = new LinkedHashMap<>();

  /**
   * @param terminal whether lines can be rewritten
   */
  public Progress(OutputStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * Shows everything until the stream ends. A message of an error ends it with a {@link
   * ProgressError}.
   *
   * @param aux gets what the messages carry beside their text: the id of a built image
   */
  public void show(JsonReader messages, Consumer<Json> aux) {
    for (Optional<Json> next = messages.next(); next.isPresent(); next = messages.next()) {
      Json message = next.get();
      Json error = message.get("errorDetail");
      if (!error.isNull() || !message.text("error").isEmpty()) {
        String text = error.text("message");
        throw new ProgressError(
            text.isEmpty() ? message.text("error") : text, (int) error.get("code").number());
      }
      if (!message.get("aux").isNull()) {
        aux.accept(message.get("aux"));
      } else {
        one(message);
      }
    }
  }

  private void one(Json message) {
    String stream = message.text("stream");
    if (!stream.isEmpty()) {
      lines.clear();
      write(stream);
      return;
    }
    String id = message.text("id");
    String status = message.text("status");
    String bar = bar(message.get("progressDetail"));
    if (!terminal) {
      if (bar.isEmpty() && !status.isEmpty()) {
        write(labelled(id, status) + "\n");
      }
      return;
    }
    if (id.isEmpty()) {
      lines.clear();
      write(status + "\n");
      return;
    }
    rewrite(id, labelled(id, bar.isEmpty() ? status : status + " " + bar));
  }

  private static String labelled(String id, String status) {
    return id.isEmpty() ? status : id + ": " + status;
  }

  private void rewrite(String id, String text) {
    Integer known = lines.get(id);
    if (known == null) {
      lines.put(id, lines.size());
      write("\u001b[2K\r" + text + "\n");
      return;
    }
    int up = lines.size() - known;
    write("\u001b[" + up + "A\u001b[2K\r" + text + "\u001b[" + up + "B\r");
  }

  private static String bar(Json detail) {
    long current = detail.get("current").number();
    long total = detail.get("total").number();
    if (current <= 0 && total <= 0) {
      return "";
    }
    String size = Human.shortSize(current);
    if (total <= 0) {
      return size;
    }
    int full = (int) Math.min(BAR, current * BAR / total);
    String head = full == BAR ? "" : ">";
    return "["
        + "=".repeat(full)
        + head
        + " ".repeat(Math.max(0, BAR - full - head.length()))
        + "] "
        + size
        + "/"
        + Human.shortSize(total);
  }

  private void write(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot write the progress: " + e.getMessage(), e);
    }
  }
}
