package dev.kemas.bootstrap;

import dev.kemas.archive.Limits;
import dev.kemas.archive.TarEntry;
import dev.kemas.archive.TarReader;
import dev.kemas.archive.TarWriter;
import dev.kemas.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Makes the smallest useful system: the package busybox-static with all its names. */
final class BusyboxMaker {
  private static final String PACKAGE = "busybox-static";
  private static final String DOWNLOAD = "download";
  private static final int MOST = 16 << 20;

  private final Path work;
  private final Path debs;
  private final Instant time;
  private final Consumer<String> lines;

  /**
   * @param work an empty folder; thrown away afterwards
   * @param debs where downloaded packages are kept
   * @param time what all files are dated
   */
  BusyboxMaker(Path work, Path debs, Instant time, Consumer<String> lines) {
    this.work = work;
    this.debs = debs;
    this.time = time;
    this.lines = lines;
  }

  /** The system as a tar archive, of the package that the host's own apt has. */
  byte[] make() {
    return make(this::deb);
  }

  /**
   * The same of the package that these sources have.
   *
   * @throws Fault.Unavailable when they cannot be reached or do not have it
   */
  byte[] make(MirrorPlan mirror) {
    return make(() -> deb(mirror));
  }

  @FunctionalInterface
  private interface Source {
    Path deb() throws IOException;
  }

  private byte[] make(Source source) {
    try {
      byte[] program = program(source.deb());
      return system(program, names(program));
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot make busybox: " + e.getMessage(), e);
    }
  }

  private Path deb() throws IOException {
    Files.createDirectories(debs);
    Optional<Path> known = newest(debs);
    if (known.isPresent()) {
      lines.accept("Using " + known.get().getFileName() + ", downloaded before");
      return known.get();
    }
    if (!succeeds(DOWNLOAD)) {
      succeeds("update");
      succeeds(DOWNLOAD);
    }
    Path fresh =
        newest(work)
            .orElseThrow(() ->
                new Fault.Unavailable(
                    "cannot download the package "
                        + PACKAGE
                        + ": see whether 'apt-get update' and 'apt-get download "
                        + PACKAGE
                        + "' work on this host, whose package sources are used"));
    Path kept = debs.resolve(fresh.getFileName().toString());
    Files.copy(fresh, debs.resolve(".busybox"), StandardCopyOption.REPLACE_EXISTING);
    Files.move(debs.resolve(".busybox"), kept, StandardCopyOption.REPLACE_EXISTING);
    return kept;
  }

  /** With lists and a cache of apt's own beside the host's, which know other packages. */
  private Path deb(MirrorPlan mirror) throws IOException {
    Path apt = work.resolve("apt");
    Files.createDirectories(apt.resolve("sources"));
    Files.createDirectories(apt.resolve("state/lists/partial"));
    Files.createDirectories(apt.resolve("cache/archives/partial"));
    Files.writeString(apt.resolve("sources/kemas.sources"), mirror.text());
    Files.writeString(apt.resolve("status"), "");
    String[] beside = {
      "-o", "Dir::Etc::SourceList=/dev/null",
      "-o", "Dir::Etc::SourceParts=" + apt.resolve("sources"),
      "-o", "Dir::State=" + apt.resolve("state"),
      "-o", "Dir::State::Status=" + apt.resolve("status"),
      "-o", "Dir::Cache=" + apt.resolve("cache"),
      "-o", "APT::Update::Error-Mode=any"
    };
    for (String step : List.of("update", DOWNLOAD)) {
      try (Workshop run = apt(step, beside)) {
        run.output().readAllBytes();
        if (!run.succeeded()) {
          throw mirror.failed("busybox", run.complaints());
        }
      }
    }
    return newest(work)
        .orElseThrow(() -> mirror.failed("busybox", List.of("it has no package " + PACKAGE)));
  }

  private boolean succeeds(String step) throws IOException {
    try (Workshop run = apt(step)) {
      run.output().readAllBytes();
      return run.succeeded();
    }
  }

  private Workshop apt(String step, String... options) {
    if (!Workshop.has("apt-get")) {
      throw new Fault.Unsupported("apt-get is not here: busybox is made from Debian's package");
    }
    List<String> command = new ArrayList<>(List.of("apt-get", step, "-q"));
    command.addAll(List.of("-o", "APT::Sandbox::User=root"));
    command.addAll(List.of(options));
    if (step.equals(DOWNLOAD)) {
      lines.accept("Downloading " + PACKAGE);
      command.add(PACKAGE);
    } else {
      lines.accept("Updating the package lists");
    }
    return Workshop.start(command, work, Map.of("LC_ALL", "C.UTF-8"), lines);
  }

  private static Optional<Path> newest(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().matches(PACKAGE + "_.*\\.deb"))
          .max(Path::compareTo);
    }
  }

  private byte[] program(Path deb) throws IOException {
    try (Workshop unpack =
        Workshop.start(
            List.of("dpkg-deb", "--fsys-tarfile", deb.toString()), work, Map.of(), lines)) {
      byte[] found = {};
      TarReader tar = new TarReader(unpack.output(), Limits.of(Long.MAX_VALUE, 100_000));
      for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
        TarEntry entry = next.get();
        if (entry.name().endsWith("bin/busybox") && entry.type() == TarEntry.Type.FILE) {
          found = tar.content().readNBytes(MOST);
        }
      }
      unpack.output().readAllBytes();
      if (!unpack.succeeded() || found.length == 0) {
        throw new Fault.DataLoss(
            deb + " holds no busybox: remove the file and try again; " + unpack.complaints());
      }
      return found;
    }
  }

  private Set<String> names(byte[] program) throws IOException {
    Path file = work.resolve("busybox");
    Files.write(file, program);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Workshop list =
        Workshop.start(List.of(file.toString(), "--list"), work, Map.of(), lines)) {
      String all = new String(list.output().readAllBytes(), StandardCharsets.UTF_8);
      if (!list.succeeded()) {
        throw new Fault.Unsupported(
            "this host cannot run the busybox of its own packages: " + list.complaints());
      }
      Set<String> names = new TreeSet<>(all.lines().map(String::strip).toList());
      names.remove("busybox");
      names.remove("");
      return names;
    }
  }

  private byte[] system(byte[] program, Set<String> names) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(out)) {
      for (String folder :
          List.of("bin/", "dev/", "etc/", "home/", "proc/", "sys/", "usr/", "usr/bin/", "var/")) {
        tar.put(TarEntry.directory(folder, 0755, time));
      }
      tar.put(TarEntry.directory("root/", 0700, time));
      tar.put(TarEntry.directory("tmp/", 01777, time));
      tar.put(TarEntry.directory("var/tmp/", 01777, time));
      tar.put(
          TarEntry.file("bin/busybox", 0755, program.length, time),
          new ByteArrayInputStream(program));
      for (String name : names) {
        tar.put(link("bin/" + name));
      }
      tar.put(link("usr/bin/env"));
      file(
          tar,
          "etc/passwd",
          """
          root:x:0:0:root:/root:/bin/sh
          daemon:x:1:1:daemon:/usr/sbin:/bin/false
          www-data:x:33:33:www-data:/var/www:/bin/false
          nobody:x:65534:65534:nobody:/home:/bin/false
          """);
      file(
          tar,
          "etc/group",
          """
          root:x:0:
          daemon:x:1:
          tty:x:5:
          users:x:100:
          www-data:x:33:
          nogroup:x:65534:
          """);
      file(tar, "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
    }
    return out.toByteArray();
  }

  private void file(TarWriter tar, String name, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    tar.put(TarEntry.file(name, 0644, bytes.length, time), new ByteArrayInputStream(bytes));
  }

  private TarEntry link(String name) {
    return new TarEntry(
        name, TarEntry.Type.HARD_LINK, 0755, 0, 0, 0, time, "bin/busybox", 0, 0, Map.of());
  }
}
