package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InotifyTest {
  @TempDir Path temp;

  private static Inotify.Event next(LinkedBlockingQueue<Inotify.Event> events) throws Exception {
    Inotify.Event event = events.poll(10, TimeUnit.SECONDS);
    assertThat(event).as("an event in time").isNotNull();
    return event;
  }

  @Test
  void a_file_that_is_renamed_into_a_directory_is_told_at_once() throws Exception {
    LinkedBlockingQueue<Inotify.Event> events = new LinkedBlockingQueue<>();
    Path exits = Files.createDirectory(temp.resolve("exits"));
    try (Inotify inotify = Inotify.open()) {
      inotify.watch(exits, EnumSet.of(Inotify.Kind.MOVED_HERE), events::add);
      Path draft = Files.writeString(temp.resolve("draft"), "0");
      Files.move(draft, exits.resolve("abc"));
      assertThat(next(events)).isEqualTo(new Inotify.Event(Inotify.Kind.MOVED_HERE, "abc"));
    }
  }

  @Test
  void two_watches_of_one_file_each_get_what_they_asked_for() throws Exception {
    LinkedBlockingQueue<Inotify.Event> changes = new LinkedBlockingQueue<>();
    LinkedBlockingQueue<Inotify.Event> removals = new LinkedBlockingQueue<>();
    Path file = Files.writeString(temp.resolve("log"), "");
    try (Inotify inotify = Inotify.open()) {
      Inotify.Watch watch = inotify.watch(file, EnumSet.of(Inotify.Kind.MODIFIED), changes::add);
      inotify.watch(file, EnumSet.of(Inotify.Kind.MOVED_AWAY), removals::add);
      Files.writeString(file, "line\n", StandardOpenOption.APPEND);
      assertThat(next(changes)).isEqualTo(new Inotify.Event(Inotify.Kind.MODIFIED, ""));
      watch.close();
      Files.writeString(file, "line\n", StandardOpenOption.APPEND);
      Files.move(file, temp.resolve("log.1"));
      assertThat(next(removals).kind()).isEqualTo(Inotify.Kind.MOVED_AWAY);
      assertThat(changes).isEmpty();
    }
  }

  @Test
  void a_listener_that_fails_does_not_silence_the_others() throws Exception {
    LinkedBlockingQueue<Inotify.Event> events = new LinkedBlockingQueue<>();
    try (Inotify inotify = Inotify.open()) {
      inotify.watch(
          temp,
          EnumSet.of(Inotify.Kind.CREATED),
          e -> {
            throw new IllegalStateException("on purpose");
          });
      inotify.watch(temp, EnumSet.of(Inotify.Kind.CREATED), events::add);
      Files.createFile(temp.resolve("a"));
      assertThat(next(events).name()).isEqualTo("a");
      Files.createFile(temp.resolve("b"));
      assertThat(next(events).name()).isEqualTo("b");
    }
  }

  @Test
  void what_does_not_exist_cannot_be_watched() {
    try (Inotify inotify = Inotify.open()) {
      assertThatThrownBy(
              () -> inotify.watch(temp.resolve("none"), EnumSet.of(Inotify.Kind.MODIFIED), e -> {}))
          .isInstanceOf(Fault.NotFound.class)
          .hasMessageContaining(temp.resolve("none").toString());
    }
  }
}
