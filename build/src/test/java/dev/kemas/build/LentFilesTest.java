package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.image.Image;
import dev.kemas.image.Layer;
import dev.kemas.snapshot.Changes;
import dev.kemas.snapshot.SnapshotName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trees of a context that is the build's own are laid down beside the mount, by links. */
@Timeout(120)
class LentFilesTest {
  private static final Instant OLD = Instant.parse("2020-02-02T02:02:02.123456789Z");

  @TempDir Path temp;
  private RealEngine engine;
  private Path context;
  private Image busybox;

  @BeforeEach
  void open() throws Exception {
    engine = new RealEngine(temp);
    busybox = engine.importBusybox(temp);
    context = Files.createDirectories(temp.resolve("context"));
    file("src/a", "a");
    file("src/sub/b", "b");
    file("src/sub/deep/c", "c");
    Files.createLink(context.resolve("src/twin"), context.resolve("src/sub/b"));
    Files.createSymbolicLink(context.resolve("src/link"), Path.of("sub/b"));
    Files.setPosixFilePermissions(
        context.resolve("src/a"), PosixFilePermissions.fromString("rwxr-x--x"));
    Files.createDirectories(context.resolve("src/empty"));
    try (Stream<Path> all = Files.walk(context.resolve("src"))) {
      for (Path path : all.filter(path -> !Files.isSymbolicLink(path)).toList()) {
        Files.setLastModifiedTime(path, FileTime.from(OLD));
      }
    }
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(engine.unfinished()).isEmpty();
    engine.close();
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(temp.toString());
  }

  private void file(String path, String content) throws IOException {
    Path file = context.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private Image build(boolean lent, Optional<Instant> epoch, String dockerfile) throws IOException {
    file("Dockerfile", dockerfile);
    Context files = lent ? Context.ownFolder(context) : Context.folder(context);
    BuildRequest request = BuildRequest.of(files).withEpoch(epoch).withFreshness(true, false);
    return engine
        .images
        .images()
        .find(engine.builder.build(request, new ClassicOrder(event -> {}), new Cancellation()).id())
        .orElseThrow();
  }

  private Path last(Image image) {
    Layer layer = image.layers().getLast();
    if (engine.snapshots.changes(SnapshotName.of(layer.chainId()))
        instanceof Changes.OverlayUpper(Path upper)) {
      return upper;
    }
    throw new AssertionError("no overlay");
  }

  private static Object inode(Path path) throws IOException {
    return Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
  }

  private static Map<String, String> shown(Path root) throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path path : walk.toList()) {
        Map<String, Object> now =
            Files.readAttributes(
                path, "unix:mode,uid,gid,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        String content = Files.isRegularFile(path) ? Files.readString(path) : "";
        all.put(root.relativize(path).toString(), now + content);
      }
    }
    return all;
  }

  @Test
  void filesAreSharedAndTheContextStaysAsItIs() throws IOException {
    Map<String, String> before = shown(context.resolve("src"));

    Path upper = last(build(true, Optional.empty(), "FROM busybox\nCOPY src /app/\n"));

    assertThat(inode(upper.resolve("app/sub/deep/c")))
        .isEqualTo(inode(context.resolve("src/sub/deep/c")));
    assertThat(inode(upper.resolve("app/twin"))).isEqualTo(inode(upper.resolve("app/sub/b")));
    Map<String, String> after = shown(upper.resolve("app"));
    assertThat(after).isEqualTo(before).isEqualTo(shown(context.resolve("src")));
  }

  @Test
  void nothingIsSharedThatIsToBeDifferentOrThatSomebodyMayChange() throws IOException {
    Instant epoch = OLD.minusSeconds(100);
    List<Image> images = new ArrayList<>();
    images.add(build(true, Optional.empty(), "FROM busybox\nCOPY --chown=7:8 src /app/\n"));
    images.add(build(true, Optional.empty(), "FROM busybox\nCOPY --chmod=600 src /app/\n"));
    images.add(build(true, Optional.of(epoch), "FROM busybox\nCOPY src /app/\n"));
    images.add(build(false, Optional.empty(), "FROM busybox\nCOPY src /app/\n"));
    for (Image image : images) {
      assertThat(inode(last(image).resolve("app/sub/deep/c")))
          .isNotEqualTo(inode(context.resolve("src/sub/deep/c")));
    }
    assertThat(Files.getLastModifiedTime(context.resolve("src/sub/deep/c")).toInstant())
        .isEqualTo(OLD);
    assertThat(Files.getLastModifiedTime(last(images.get(2)).resolve("app/sub/deep/c")).toInstant())
        .isEqualTo(epoch);
  }

  /** The second source, which has nothing, has all written through the mount. */
  @Test
  void theLayerIsTheSameAsThroughTheMountWhateverIsThere() throws IOException {
    Files.createDirectories(context.resolve("nothing"));
    Optional<Instant> epoch = Optional.of(OLD.plusSeconds(1));
    for (String before :
        List.of(
            "RUN true",
            "RUN mkdir -p /app/sub && echo old > /app/a && echo kept > /app/sub/z",
            "RUN mkdir -p /real/app && ln -s /real/app /app",
            "RUN mkdir -p /app/sub && touch /app/sub/x && rm -r /app/sub",
            "RUN mkdir /app\nRUN rm -r /app")) {
      for (String destination : List.of("/app/", "/app", "/", "/new/deep/er/")) {
        String from = "FROM busybox\n" + before + "\n";
        String single = from + "COPY src " + destination + "\n";
        String mounted = from + "COPY src nothing " + (destination + "/").replace("//", "/") + "\n";
        assertThat(build(true, epoch, single).layers())
            .as("%s, copied to %s", before, destination)
            .isEqualTo(build(true, epoch, mounted).layers());
        assertThat(build(false, epoch, single).layers().getLast().diffId())
            .isEqualTo(build(true, epoch, single).layers().getLast().diffId());
      }
    }
  }
}
