package dev.kemas.build;

import dev.kemas.archive.Limits;
import dev.kemas.archive.TarExtractor;
import dev.kemas.fault.Fault;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** An archive by http or https as a context, or a Dockerfile alone. */
final class WebContext extends RemoteContext {
  /** More than any context is, and less than a bomb that is worth its name. */
  private static final Limits LIMITS = Limits.of(64L << 30, 4_000_000).withRatio(1100);

  private static final long MOST_DOCKERFILE = 16 << 20;
  private static final long METER_STEP = 1 << 20;
  private static final String DOCKERFILE = "Dockerfile";

  private final String address;
  private final String dockerfile;
  private final Downloads downloads;
  private final Archives archives;
  private final Cancellation cancelled;
  private volatile boolean alone;

  /**
   * @param dockerfile how the build calls its Dockerfile
   */
  WebContext(
      String address,
      String dockerfile,
      Downloads downloads,
      Archives archives,
      Cancellation cancelled) {
    this.address = address;
    this.dockerfile = dockerfile;
    this.downloads = downloads;
    this.archives = archives;
    this.cancelled = cancelled;
  }

  @Override
  String title() {
    return "load remote build context " + shown(address);
  }

  @Override
  public Optional<String> text(String path) {
    Context here = fetch(TaskProgress.NONE);
    return here.text(alone && path.equals(dockerfile) ? DOCKERFILE : path);
  }

  @Override
  Path load(TaskProgress progress) {
    WebFiles.Fetched fetched =
        downloads.fetch(address, Optional.empty(), meter(progress), cancelled);
    Path folder = downloads.makeFolder();
    try {
      if (isArchive(fetched.file())) {
        unpack(fetched.file(), folder);
      } else {
        lone(fetched, folder.resolve(DOCKERFILE));
      }
      return folder;
    } catch (IOException e) {
      cancelled.check();
      throw new Fault.InvalidArgument(
          "the context %s cannot be unpacked: %s".formatted(shown(address), e.getMessage()), e);
    }
  }

  private static WebFiles.Meter meter(TaskProgress progress) {
    AtomicLong told = new AtomicLong();
    return (came, all) -> {
      boolean done = came == all;
      if (done || came - told.get() >= METER_STEP) {
        told.set(came);
        progress.part("downloading", came, all, done);
      }
    };
  }

  private boolean isArchive(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(java.nio.file.Files.newInputStream(file))) {
      return archives.isArchive(in);
    }
  }

  private void unpack(Path archive, Path folder) throws IOException {
    try (InputStream in = new Checked(java.nio.file.Files.newInputStream(archive), cancelled)) {
      new TarExtractor(TarExtractor.Options.context(LIMITS)).extract(in, folder, "");
    }
  }

  private void lone(WebFiles.Fetched fetched, Path place) throws IOException {
    long size = java.nio.file.Files.size(fetched.file());
    if (size > MOST_DOCKERFILE) {
      throw new Fault.InvalidArgument(
          "%s is no archive, and has %d bytes, more than a Dockerfile of at most %d"
              .formatted(shown(address), size, MOST_DOCKERFILE));
    }
    java.nio.file.Files.copy(fetched.file(), place);
    java.nio.file.Files.setLastModifiedTime(place, FileTime.from(fetched.modified()));
    alone = true;
  }

  /** Ends between two pieces when the build is over. */
  private static final class Checked extends FilterInputStream {
    private final Cancellation cancelled;

    Checked(InputStream in, Cancellation cancelled) {
      super(in);
      this.cancelled = cancelled;
    }

    private void check() throws IOException {
      if (cancelled.isCancelled()) {
        throw new InterruptedIOException("the build is over");
      }
    }

    @Override
    public int read() throws IOException {
      check();
      return super.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      check();
      return super.read(into, offset, length);
    }
  }
}
