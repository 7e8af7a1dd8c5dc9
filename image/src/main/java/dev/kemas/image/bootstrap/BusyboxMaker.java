package dev.kemas.image.bootstrap;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Makes the smallest useful system: the package busybox-static with all its names. */
public final class BusyboxMaker {
  private static final String PACKAGE = "busybox-static";
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
  public BusyboxMaker(Path work, Path debs, Instant time, Consumer<String> lines) {
    this.work = work;
    this.debs = debs;
    this.time = time;
    this.lines = lines;
  }

  /** The system as a tar archive. */
  public byte[] make() {
    try {
      Files.createDirectories(debs);
      byte[] program = program(deb());
      return system(program, names(program));
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot make busybox: " + e.getMessage(), e);
    }
  }

  private Path deb() throws IOException {
    Optional<Path> known = newest(debs);
    if (known.isPresent()) {
      lines.accept("Using " + known.get().getFileName() + ", downloaded before");
      return known.get();
    }
    if (!Workshop.has("apt-get")) {
      throw new Fault.Unsupported("apt-get is not here: busybox is made from Debian's package");
    }
    if (!download()) {
      lines.accept("Updating the package lists");
      try (Workshop update =
          Workshop.start(List.of("apt-get", "update", "-q"), work, Map.of(), lines)) {
        update.output().readAllBytes();
        update.succeeded();
      }
      download();
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

  private boolean download() throws IOException {
    lines.accept("Downloading " + PACKAGE);
    try (Workshop get =
        Workshop.start(
            List.of("apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", PACKAGE),
            work,
            Map.of("LC_ALL", "C.UTF-8"),
            lines)) {
      get.output().readAllBytes();
      return get.succeeded();
    }
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
