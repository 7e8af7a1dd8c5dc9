package dev.kemas.bootstrap;

import dev.kemas.archive.TarEntry;
import dev.kemas.archive.TarWriter;
import dev.kemas.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Prepares the making of a Debian system in a folder of its own and starts it. */
final class DebianMaker {
  /** Takes what a slim image leaves out away from a root. */
  private static final String SLIM_DOWN =
      "(cd %s/usr/share && rm -rf man/* info/* groff/* lintian/*"
          + " && find locale -mindepth 1 -maxdepth 1 -type d -exec rm -rf {} +"
          + " && find doc -type f ! -name copyright -delete)";

  /** What the tool takes at its largest, with room for the page cache of the rest. */
  private static final long MEMORY_KIB = 3L << 20;

  private static final int TAR_BLOCK = 512;

  private final DebianTool tool;
  private final Recipe.Debian recipe;
  private final MirrorPlan mirror;
  private final HostTrust trust;
  private final Path work;
  private final Path debs;

  /**
   * @param work an empty folder; thrown away afterwards
   * @param debs where downloaded packages are kept
   */
  DebianMaker(
      DebianTool tool,
      Recipe.Debian recipe,
      MirrorPlan mirror,
      HostTrust trust,
      Path work,
      Path debs) {
    this.tool = tool;
    this.recipe = recipe;
    this.mirror = mirror;
    this.trust = trust;
    this.work = work;
    this.debs = debs;
  }

  /**
   * Starts; what comes out is the system as a tar archive.
   *
   * @param lines gets what the tool says
   */
  Workshop start(Consumer<String> lines) {
    try {
      Path files = Files.createDirectories(work.resolve("files"));
      Path temporary = Files.createDirectories(work.resolve("tmp"));
      Path notes = Files.createDirectories(work.resolve("notes"));
      Files.createDirectories(debs);
      writeFiles(files);
      write("sources", mirror.text());
      script("bring", DebianScripts.bringPackages());
      script("keep", DebianScripts.keepPackages());
      script("finish", DebianScripts.finish(!trust.certificates().isEmpty(), recipe.python()));
      write("apt.conf", hostAptSettings());
      String command =
          switch (tool) {
            case MMDEBSTRAP -> mmdebstrap();
            case DEBOOTSTRAP -> debootstrap();
          };
      write("run", DebianScripts.run(availableKib() > MEMORY_KIB, command));
      Map<String, String> environment = new HashMap<>();
      environment.put("TMPDIR", temporary.toString());
      environment.put("KEMAS_DEBS", debs.toString());
      environment.put("KEMAS_FILES", files.toString());
      environment.put("KEMAS_NOTES", notes.toString());
      environment.put("LC_ALL", "C.UTF-8");
      environment.put("DEBIAN_FRONTEND", "noninteractive");
      return Workshop.start(
          List.of(
              "unshare",
              "--mount",
              "--propagation",
              "private",
              // nothing that was started in there outlives it
              "--pid",
              "--fork",
              "--kill-child",
              "--mount-proc",
              "sh",
              quoteless("run")),
          work,
          environment,
          lines);
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot prepare " + work + ": " + e.getMessage(), e);
    }
  }

  /**
   * The system as a tar archive, with an empty folder for the devices, which come from the runtime.
   *
   * @param started what {@link #start} gave
   * @param time of that folder, in whole seconds
   */
  InputStream system(Workshop started, Instant time) throws IOException {
    return switch (tool) {
      // it leaves out the folder with the devices
      case MMDEBSTRAP -> new SequenceInputStream(folder("./dev/", time), started.output());
      case DEBOOTSTRAP -> started.output();
    };
  }

  private static InputStream folder(String name, Instant time) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(out)) {
      tar.put(TarEntry.directory(name, 0755, time));
    }
    // without the blocks that end an archive
    return new ByteArrayInputStream(out.toByteArray(), 0, TAR_BLOCK);
  }

  private String quoteless(String name) {
    return work.resolve(name).toString();
  }

  private String mmdebstrap() {
    List<String> words = new ArrayList<>(List.of("mmdebstrap", "--mode=root", "--variant=apt"));
    words.addAll(List.of("--format=tar", "--skip=download/empty,essential/unlink,output/dev"));
    words.add("--aptopt=" + work.resolve("apt.conf"));
    words.add("--dpkgopt=" + work.resolve("files/etc/dpkg/dpkg.cfg.d/kemas"));
    words.add("--setup-hook=sh " + quote(quoteless("bring")) + " \"$1\"");
    words.add("--customize-hook=sh " + quote(quoteless("keep")) + " \"$1\"");
    words.add("--customize-hook=sh " + quote(quoteless("finish")) + " \"$1\"");
    if (recipe.slim()) {
      // the first packages are extracted before dpkg and its settings are there
      words.add("--customize-hook=" + SLIM_DOWN.formatted("\"$1\""));
    }
    List<String> packages = packages();
    if (!packages.isEmpty()) {
      words.add("--include=" + String.join(",", packages));
    }
    words.add(recipe.suite());
    words.add("-");
    words.add(quoteless("sources"));
    return words.stream().map(DebianMaker::quote).reduce((a, b) -> a + " " + b).orElse("");
  }

  private String debootstrap() throws IOException {
    AptSource first = mirror.sources().getFirst();
    List<String> words = new ArrayList<>(List.of("debootstrap", "--variant=minbase"));
    words.add("--cache-dir=" + debs);
    first.signedBy().filter(k -> k.startsWith("/")).ifPresent(k -> words.add("--keyring=" + k));
    List<String> packages = packages();
    if (!packages.isEmpty()) {
      words.add("--include=" + String.join(",", packages));
    }
    words.addAll(List.of(recipe.suite(), "root", first.uris().getFirst()));
    String call = words.stream().map(DebianMaker::quote).reduce((a, b) -> a + " " + b).orElse("");
    String clean = recipe.slim() ? SLIM_DOWN.formatted("root") + "\n" : "";
    script(
        "debootstrap",
        "set -eu\ncd \"$TMPDIR\"\n"
            + call
            + " >&2\nsh "
            + quote(quoteless("finish"))
            + " root\n"
            + clean
            + "rm -rf root/var/cache/apt/archives/*.deb root/var/lib/apt/lists/* root/dev/*\n"
            + "exec tar --numeric-owner --one-file-system --xattrs -C root -c .\n");
    return "sh " + quote(quoteless("debootstrap"));
  }

  private List<String> packages() {
    List<String> packages = new ArrayList<>(recipe.packages());
    if (mirror.overTls() && !packages.contains("ca-certificates")) {
      packages.add("ca-certificates");
    }
    return packages;
  }

  private void writeFiles(Path files) throws IOException {
    put(files, "etc/dpkg/dpkg.cfg.d/kemas", DebianScripts.dpkgSettings(recipe.slim()));
    put(files, "etc/apt/apt.conf.d/docker-clean", DebianScripts.aptClean());
    put(files, "etc/apt/apt.conf.d/kemas", DebianScripts.aptSettings());
    put(files, "etc/apt/sources.list.d/debian.sources", mirror.imageText());
    int number = 0;
    for (String certificate : trust.certificates()) {
      put(files, "usr/local/share/ca-certificates/kemas-host-" + ++number + ".crt", certificate);
    }
    if (recipe.python()) {
      Optional<String> pip = trust.pipConfig();
      if (pip.isPresent()) {
        put(files, "etc/pip.conf", pip.get());
      }
      Files.createDirectories(files.resolve("usr/local/bin"));
    }
    // nothing may be started while packages are installed in a container (policy-rc.d of sysvinit)
    put(files, "usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n");
    Files.setPosixFilePermissions(
        files.resolve("usr/sbin/policy-rc.d"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void put(Path root, String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** How the host's apt reaches its mirrors; for the making only, never in the image. */
  private String hostAptSettings() throws IOException {
    StringBuilder text = new StringBuilder("Acquire::Languages \"none\";\n");
    text.append("APT::Install-Recommends \"false\";\n");
    for (String file : List.of("/etc/apt/auth.conf", "/etc/apt/auth.conf.d")) {
      if (Files.exists(Path.of(file))) {
        text.append(file.endsWith(".d") ? "Dir::Etc::netrcparts" : "Dir::Etc::netrc");
        text.append(" \"").append(file).append("\";\n");
      }
    }
    if (Workshop.has("apt-config")) {
      try (Workshop dump =
          Workshop.start(List.of("apt-config", "dump"), work, Map.of(), line -> {})) {
        String all = new String(dump.output().readAllBytes(), StandardCharsets.UTF_8);
        all.lines()
            .filter(l -> l.matches("Acquire::(http|https|ftp|tor)(::.*)? \".+\";"))
            .filter(l -> l.matches(".*(Proxy|CaInfo|CaPath|Verify|SslCert|SslKey|Timeout).*"))
            .forEach(l -> text.append(l).append('\n'));
      }
    }
    return text.toString();
  }

  private static long availableKib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemAvailable:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(work.resolve(name), text);
  }

  private void script(String name, String text) throws IOException {
    write(name, text);
  }

  private static String quote(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /** What the making left for this key, such as the version of python. */
  Optional<String> note(String name) {
    Path file = work.resolve("notes").resolve(name);
    try {
      return Files.isReadable(file)
          ? Optional.of(Files.readString(file).strip())
          : Optional.empty();
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
