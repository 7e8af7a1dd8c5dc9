package dev.kemas.cli.stream;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.JsonReader;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Terminal;
import dev.kemas.text.Human;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Shows the messages of a long request (pull, push, load, build, bootstrap). On a terminal each id
 * has a line of its own that is rewritten, with a bar, and below them stands what has come of all,
 * how fast, and how long it will take; elsewhere each new status is a line and bars are left out.
 */
public final class Progress {
  private static final long BETWEEN_DRAWINGS = 80_000_000;
  private static final int WIDEST_BAR = 50;
  private static final int NARROWEST_BAR = 8;

  /** {@code 1.23MB/45.6MB}: the bars of all lines end in one column. */
  private static final int WIDEST_SIZE = 13;

  private final OutputStream out;
  private final Optional<Board> board;
  private final LongSupplier clock;
  private final Map<String, Item> items = new LinkedHashMap<>();
  private final Throughput throughput = new Throughput();
  private long drawnAt;

  /** The latest of one id. */
  private static final class Item implements Board.Line {
    private final String id;
    private String status = "";
    private long current;
    private long total;

    Item(String id) {
      this.id = id;
    }

    @Override
    public boolean isOver() {
      return status.equals("Pull complete")
          || status.equals("Pushed")
          || status.endsWith("already exists")
          || status.equals("Already exists")
          || status.startsWith("Mounted from");
    }

    @Override
    public String at(int columns) {
      String text = id + ": " + status;
      if (current <= 0 && total <= 0) {
        return text;
      }
      if (total <= 0) {
        return text + " " + Human.shortSize(current);
      }
      String size = Human.shortSize(current) + "/" + Human.shortSize(total);
      // beside each other the bars of downloads and of unpacking begin in one column
      String padded = text + " ".repeat(Math.max(1, id.length() + 14 - text.length()));
      int room = Math.min(WIDEST_BAR, columns - 1 - padded.length() - "[] ".length() - WIDEST_SIZE);
      if (room < NARROWEST_BAR) {
        boolean fits = text.length() + 1 + size.length() < columns;
        return text + " " + (fits ? size : Math.min(100, current * 100 / total) + "%");
      }
      int full = (int) Math.min(room, current * room / total);
      String head = full == room ? "" : ">";
      return padded
          + "["
          + "=".repeat(full)
          + head
          + " ".repeat(room - full - head.length())
          + "] "
          + size;
    }
  }

  private Progress(OutputStream out, Optional<Board> board, LongSupplier clock) {
    this.out = out;
    this.board = board;
    this.clock = clock;
    this.drawnAt = clock.getAsLong() - BETWEEN_DRAWINGS;
  }

  /** A line a status: for a file, a pipe, a log. */
  public static Progress plain(OutputStream out) {
    return new Progress(out, Optional.empty(), System::nanoTime);
  }

  /** Lines that are rewritten, on the terminal of standard output or standard error. */
  public static Progress onTerminal(OutputStream out, boolean isError) {
    return onTerminal(out, () -> LocalTerminal.size(isError), System::nanoTime);
  }

  static Progress onTerminal(OutputStream out, Supplier<Terminal.Size> size, LongSupplier clock) {
    return new Progress(out, Optional.of(new Board(size)), clock);
  }

  /**
   * Shows everything until the stream ends. A message of an error ends it with a {@link
   * ProgressError}.
   *
   * @param aux gets what the messages carry beside their text: the id of a built image
   */
  public void show(JsonReader messages, Consumer<Json> aux) {
    try {
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
        } else if (board.isPresent()) {
          rewrite(board.get(), message);
        } else {
          line(message);
        }
      }
      board.ifPresent(this::settle);
    } finally {
      // after an error the lines stay as they are; of a total nothing can be said
      throughput.clear();
      board.ifPresent(this::settle);
    }
  }

  private void line(Json message) {
    String status = message.text("status");
    if (!message.text("stream").isEmpty()) {
      write(message.text("stream"));
    } else if (!status.isEmpty() && !measures(message.get("progressDetail"))) {
      String id = message.text("id");
      write((id.isEmpty() ? status : id + ": " + status) + "\n");
    }
  }

  private static boolean measures(Json detail) {
    return detail.get("current").number() > 0 || detail.get("total").number() > 0;
  }

  private void rewrite(Board on, Json message) {
    String id = message.text("id");
    String status = message.text("status");
    String stream = message.text("stream");
    if (!stream.isEmpty() || id.isEmpty()) {
      settle(on);
      write(stream.isEmpty() ? status + "\n" : stream);
      return;
    }
    Json detail = message.get("progressDetail");
    Item item = items.computeIfAbsent(id, Item::new);
    boolean isNews = !item.status.equals(status);
    item.status = status;
    item.current = detail.get("current").number();
    item.total = detail.get("total").number();
    long now = clock.getAsLong();
    throughput.take(id, status, item.current, item.total, detail.get("size").number(), now);
    if (isNews || now - drawnAt >= BETWEEN_DRAWINGS) {
      drawnAt = now;
      write(
          on.draw(
              new ArrayList<>(items.values()), throughput.isEmpty() ? "" : throughput.summary()));
      for (Board.Line gone : on.takeGone()) {
        items.values().remove(gone);
      }
    }
  }

  private void settle(Board on) {
    if (items.isEmpty()) {
      return;
    }
    List<Board.Line> lines = new ArrayList<>(items.values());
    write(on.leave(lines, throughput.isEmpty() ? "" : throughput.result()));
    items.clear();
    throughput.clear();
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
