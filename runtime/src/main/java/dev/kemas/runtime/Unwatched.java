package dev.kemas.runtime;

import dev.kemas.linux.PidFd;
import dev.kemas.linux.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the monitors and runtimes that an engine left behind when it was killed while it made a
 * container. They would go on, and make what nobody has recorded.
 */
final class Unwatched {
  private static final Logger LOG = LoggerFactory.getLogger(Unwatched.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Path PROC = Path.of("/proc");
  private static final int MOST_LOOKS = 100;

  private Unwatched() {}

  /** Kills them until none is left: one that is killed may just have started another. */
  static Set<String> end(Path stateRoot, Set<String> alive) {
    Set<String> interrupted = new HashSet<>();
    for (int look = 0; look < MOST_LOOKS; look++) {
      Map<Integer, String> found = find(stateRoot, alive);
      if (found.isEmpty()) {
        return interrupted;
      }
      interrupted.addAll(found.values());
      found.keySet().forEach(Unwatched::kill);
    }
    LOG.warn("processes that make containers are still there: {}", find(stateRoot, alive));
    return interrupted;
  }

  private static void kill(int pid) {
    Optional<PidFd> process = PidFd.open(pid);
    process.ifPresent(p -> {
      try (p) {
        p.signal(Signal.KILL);
        p.awaitExit(LIMIT);
      }
    });
  }

  /** The processes by number, each with the id of its container. */
  private static Map<Integer, String> find(Path stateRoot, Set<String> alive) {
    Map<Integer, String> found = new TreeMap<>();
    try (Stream<Path> processes = Files.list(PROC)) {
      for (Path process : processes.toList()) {
        String number = process.getFileName().toString();
        if (!number.isEmpty() && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
          container(process, stateRoot)
              .filter(id -> !alive.contains(id))
              .ifPresent(id -> found.put(Integer.valueOf(number), id));
        }
      }
    } catch (IOException e) {
      LOG.warn("cannot list {}: {}", PROC, e.getMessage());
    }
    return found;
  }

  /** conmon and the runtimes are told the state folder and, as a word, the container. */
  private static Optional<String> container(Path process, Path stateRoot) {
    List<String> words;
    try {
      String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
      words = List.of(line.split("\0"));
    } catch (IOException ended) {
      LOG.trace("{} has ended: {}", process, ended.getMessage());
      return Optional.empty();
    }
    int root = words.indexOf("--root");
    boolean ours =
        root >= 0 && words.stream().skip(root + 1L).anyMatch(w -> w.startsWith(stateRoot + "/"));
    return ours ? words.stream().filter(Unwatched::isId).findFirst() : Optional.empty();
  }

  private static boolean isId(String word) {
    return word.length() == 64
        && word.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
}
