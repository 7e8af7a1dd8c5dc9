package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contents of {@code RUN --mount=type=cache} from one machine to another, by the stock client:
 * pip's cache, with a registry of the distribution between two daemons.
 */
final class CacheMountTravelTest extends Engines {
  private static final List<String> WHEELS =
      List.of("six", "certifi", "idna", "packaging", "charset-normalizer", "setuptools");
  private static final String NEW = "pygments";

  /** The index of the mount, what the cache says of itself, a layer with nothing in it. */
  private static final long SLACK = 100_000;

  private static final String PYTHON =
      """
      set -e
      root=$1
      python=$(readlink -f /usr/bin/python3)
      library=/usr/lib/$(basename "$python")
      mkdir -p "$root/bin" "$root/tmp" "$root/etc" "$root/root" "$root/proc" "$root/sys" "$root/dev"
      mkdir -p "$root/usr/bin" "$root/usr/lib/python3/dist-packages"
      cp /bin/busybox "$root/bin/busybox"
      ln -s busybox "$root/bin/sh"
      cp "$python" "$root/usr/bin/python3"
      cp -a "$library" "$root/usr/lib/"
      cp -a /usr/lib/python3/dist-packages/pip "$root/usr/lib/python3/dist-packages/"
      ldd "$python" "$library"/lib-dynload/*.so 2>/dev/null |
        sed -n 's,.*=> \\(/[^ ]*\\) .*,\\1,p; s,^[[:space:]]*\\(/lib64/[^ ]*\\) .*,\\1,p' | sort -u |
        while read -r file; do
          mkdir -p "$root$(dirname "$file")"
          cp -L "$file" "$root$file"
        done
      tar -C "$root" --owner=0 --group=0 -cf "$2" .
      """;

  @TempDir Path context;
  @TempDir Path configuration;
  @TempDir Path folder;
  private Daemon second;
  private Buildx buildx;

  @BeforeAll
  void startSecond() throws IOException, InterruptedException {
    second = Daemon.start();
  }

  @AfterAll
  void endSecond() throws IOException {
    Footprint footprint = Footprint.of(second);
    second.close();
    footprint.awaitNothing();
  }

  @BeforeEach
  void plugIn() throws IOException {
    Daemon.kemasOnly("BuildKit leaves the contents of cache mounts where they are");
    buildx = Buildx.in(daemon, configuration);
    assumeThat(Path.of("/usr/lib/python3/dist-packages/pip"))
        .as("the host's own Python with pip, which the image is made of")
        .exists();
  }

  /** Puts an image with the host's Python into both daemons. */
  private void python() throws IOException, InterruptedException {
    Path tar = folder.resolve("python.tar");
    Path root = Files.createDirectory(folder.resolve("root"));
    Command.of("sh", "-c", PYTHON, "sh", root.toString(), tar.toString()).run().expect(0);
    Command.of("chmod", "755", root.toString()).run().expect(0);
    for (Daemon one : List.of(daemon, second)) {
      one.ok("docker", "import", tar.toString(), "python:test");
    }
  }

  /** Has pip fetch the wheels, its cache mounted and no layer made; what the client shows. */
  private String install(Daemon on, WheelIndex index, List<String> packages, String... more)
      throws IOException, InterruptedException {
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM python:test
        RUN --mount=type=cache,id=pip,target=/cache --mount=type=tmpfs,target=/installed \
        --mount=type=tmpfs,target=/tmp python3 -m pip --isolated install --no-deps \
        --disable-pip-version-check --root-user-action=ignore --trusted-host 127.0.0.1 \
        --index-url %s --cache-dir /cache --target /installed %s
        """
            .formatted(index.address(), String.join(" ", packages)));
    List<String> line =
        new ArrayList<>(List.of("buildx", "build", "--progress=plain", "--network=host"));
    line.addAll(List.of(more));
    line.add(".");
    return buildx.to(on).command(line.toArray(String[]::new)).run(context).expect(0).err();
  }

  /** Bytes of blobs that the registry has sent, or received. */
  private static long travelled(OwnRegistry registry, String direction) throws IOException {
    try (InputStream in =
        URI.create("http://" + registry.host() + "/metrics").toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line ->
              line.startsWith("kemas_registry_" + direction + "_bytes_total{")
                  && (line.contains("\"blob") || line.contains("\"upload")))
          .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }

  @Test
  void aFreshMachineFetchesOnlyTheOneNewWheel() throws IOException, InterruptedException {
    python();
    List<String> all = new ArrayList<>(WHEELS);
    all.add(NEW);
    try (OwnRegistry registry = OwnRegistry.open();
        WheelIndex index = WheelIndex.of(Files.createDirectory(folder.resolve("wheels")), all)) {
      String cache = "type=registry,ref=" + registry.host() + "/app:cache,mounts=true";

      install(daemon, index, WHEELS, "--cache-to", cache);
      assertThat(index.fetched()).containsExactlyElementsOf(WHEELS.stream().sorted().toList());

      // a machine that knows nothing: what pip knew elsewhere it knows here
      long received = travelled(registry, "received");
      String shown = install(second, index, all, "--cache-from", cache, "--cache-to", cache);
      assertThat(index.fetched()).as(shown).containsExactly(NEW);
      assertThat(shown).contains("importing cache mount pip from " + registry.host());
      assertThat(travelled(registry, "received") - received)
          .as(shown)
          .isBetween(index.size(NEW) * 9 / 10, index.size(NEW) + SLACK);

      // a machine with yesterday's mount: the new wheel comes, and nothing else
      List<String> turned = new ArrayList<>(all.reversed());
      long sent = travelled(registry, "sent");
      shown = install(daemon, index, turned, "--cache-from", cache);
      assertThat(index.fetched()).as(shown).isEmpty();
      assertThat(travelled(registry, "sent") - sent)
          .as(shown)
          .isBetween(index.size(NEW) * 9 / 10, index.size(NEW) + SLACK);
    }
  }
}
