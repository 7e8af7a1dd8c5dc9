package dev.kemas.build.explain;

import dev.kemas.build.plan.Facts;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last build of each project, in a folder: one file each, JSON in gzip, written whole or not at
 * all. Losing one costs an explanation and nothing else. Safe for several threads.
 */
public final class BuildMemory {
  private static final Logger LOG = LoggerFactory.getLogger(BuildMemory.class);

  /** Projects that are remembered; the ones that were not built for the longest time go first. */
  private static final int MOST = 256;

  /** Facts that are held in memory, some 250 bytes each. */
  private static final int MOST_FACTS = 40_000;

  private final Path folder;
  private final Map<String, Digest> fingerprints = new ConcurrentHashMap<>();

  /** Those of late, as far as they are not too large: reading one takes longer than a build. */
  private final LinkedHashMap<String, Past> recent = new LinkedHashMap<>(16, 0.75f, true);

  /** The memory in that folder, which need not be there yet. */
  public BuildMemory(Path folder) {
    this.folder = folder;
  }

  /** Whether the last build of the project is known to have been just that. */
  public boolean isLast(String project, Past past) {
    return past.fingerprint().equals(fingerprints.get(project));
  }

  /** The last build of a project; empty when none is known. */
  public Optional<Past> recall(String project) {
    synchronized (recent) {
      Past known = recent.get(project);
      if (known != null) {
        return Optional.of(known);
      }
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file(project)))) {
      Past past =
          Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), Past.class, "a build");
      fingerprints.put(project, past.fingerprint());
      return Optional.of(past);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      LOG.warn("the last build of {} cannot be read: {}; it is forgotten", project, e.toString());
      return Optional.empty();
    }
  }

  /**
   * Remembers a build in place of the one before. One that cannot be written is told to the log:
   * the next build then is compared with an older one.
   */
  public void remember(String project, Past past) {
    try {
      Files.createDirectories(folder);
      Path temporary = Files.createTempFile(folder, ".new-", "");
      try {
        try (OutputStream out = new FastGzip(Files.newOutputStream(temporary))) {
          out.write(Json.write(past));
        }
        Files.move(temporary, file(project), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
      fingerprints.put(project, past.fingerprint());
      keep(project, past);
      forgetOldest();
    } catch (IOException e) {
      // the build itself is none the worse for it
      LOG.warn("the build of {} cannot be remembered: {}", project, e.toString());
    }
  }

  /** A build waits for it: most of it are digests, which no effort makes smaller. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private Path file(String project) {
    return folder.resolve(Facts.digest(project).hex());
  }

  private void keep(String project, Past past) {
    synchronized (recent) {
      recent.put(project, past);
      Iterator<Past> oldest = recent.values().iterator();
      for (int facts = facts(recent.values()); facts > MOST_FACTS; ) {
        facts -= facts(List.of(oldest.next()));
        oldest.remove();
      }
    }
  }

  private static int facts(Collection<Past> builds) {
    return builds.stream()
        .flatMap(build -> build.steps().stream())
        .mapToInt(step -> step.facts().size())
        .sum();
  }

  private void forgetOldest() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.toList();
    }
    if (files.size() <= MOST) {
      return;
    }
    record Aged(Path file, Instant written) {}
    List<Aged> aged =
        files.stream()
            .map(file -> new Aged(file, modified(file)))
            .sorted(Comparator.comparing(Aged::written))
            .toList();
    for (Aged old : aged.subList(0, aged.size() - MOST)) {
      Files.deleteIfExists(old.file());
    }
  }

  private static Instant modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      return FileTime.fromMillis(0).toInstant(); // it is gone: another build was as quick
    }
  }
}
