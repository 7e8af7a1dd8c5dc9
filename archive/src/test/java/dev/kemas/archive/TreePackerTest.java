package dev.kemas.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreePackerTest {
  @TempDir Path temp;
  Path root;

  @BeforeEach
  void folders() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    Shell.sh(
        root,
        "mkdir -p app/src app/node_modules/a/b; echo 1 > app/src/main; echo 2 > app/node_modules/a/b/keep"
            + "; echo 3 > app/node_modules/a/drop; ln -s app link; ln -s /app absolute"
            + "; chown 7:8 app/src/main");
  }

  private String listed(ByteArrayOutputStream archive) throws IOException {
    Files.write(temp.resolve("t.tar"), archive.toByteArray());
    return Shell.sh(temp, "tar --numeric-owner -tf t.tar");
  }

  @Test
  void aFolderIsPackedWithoutItself() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long entries = new TreePacker(TreePacker.Options.exact()).pack(root.resolve("app"), out);
    assertThat(listed(out))
        .isEqualTo(
            "node_modules/\nnode_modules/a/\nnode_modules/a/b/\nnode_modules/a/b/keep\n"
                + "node_modules/a/drop\nsrc/\nsrc/main\n");
    assertThat(entries).isEqualTo(7);
  }

  @Test
  void aFilterLeavesOutAndTakesBackIn() throws IOException {
    TreePacker.Filter filter =
        (path, type) -> {
          if (path.endsWith("keep") || path.startsWith("src")) {
            return TreePacker.Filter.Verdict.TAKE;
          }
          return path.endsWith("drop")
              ? TreePacker.Filter.Verdict.SKIP
              : TreePacker.Filter.Verdict.LOOK_INSIDE;
        };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Shell.sh(root, "mkdir -p app/empty/er");
    new TreePacker(TreePacker.Options.context(filter)).pack(root.resolve("app"), out);
    assertThat(listed(out))
        .isEqualTo(
            "node_modules/\nnode_modules/a/\nnode_modules/a/b/\nnode_modules/a/b/keep\n"
                + "src/\nsrc/main\n");
    assertThat(Shell.sh(temp, "tar --numeric-owner -tvf t.tar src/main")).contains(" 0/0 ");
  }

  @Test
  void aPathIsPackedUnderTheNameThatIsAskedFor() throws IOException {
    TreePacker exact = new TreePacker(TreePacker.Options.exact());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    exact.pack(root, "/app/src", "src", out);
    assertThat(listed(out)).isEqualTo("src/\nsrc/main\n");
    out.reset();
    exact.pack(root, "app/src/main", "renamed", out);
    assertThat(listed(out)).isEqualTo("renamed\n");
    out.reset();
    exact.pack(root, "absolute/src/.", "", out);
    assertThat(listed(out)).isEqualTo("main\n");
    out.reset();
    exact.pack(root, "link", "link", out);
    assertThat(Shell.sh(temp, "true") + listed(out)).isEqualTo("link\n");
    assertThat(Shell.sh(temp, "tar -tvf t.tar")).contains("link -> app");
    assertThatThrownBy(() -> exact.pack(root, "app/missing", "x", out))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining("app/missing");
  }

  @Test
  void aLinkOnTheWayStartsAtTheRoot() throws IOException {
    Shell.sh(root, "ln -s / app/up; ln -s ../../../../etc escape");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new TreePacker(TreePacker.Options.exact()).pack(root, "app/up/app/src", "s", out);
    assertThat(listed(out)).isEqualTo("s/\ns/main\n");
    assertThatThrownBy(
            () -> new TreePacker(TreePacker.Options.exact()).pack(root, "escape/passwd", "p", out))
        .isInstanceOf(Fault.NotFound.class);
  }

  @Test
  void aSocketIsLeftOut() throws IOException {
    try (var server =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      server.bind(java.net.UnixDomainSocketAddress.of(root.resolve("app/socket")));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new TreePacker(TreePacker.Options.exact()).pack(root.resolve("app"), out);
      assertThat(listed(out)).doesNotContain("socket");
    }
  }

  // ---- the parts underneath

  @Test
  void aFileThatShrinksWhileItIsReadIsFilledUp() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarWriter writer = new TarWriter(out)) {
      TarEntry entry = TarEntry.file("f", 0644, 1000, Tars.TIME);
      assertThat(writer.put(entry, new ByteArrayInputStream(new byte[10]))).isFalse();
      assertThat(writer.put(entry, new ByteArrayInputStream(new byte[2000]))).isFalse();
      assertThat(writer.put(entry, new ByteArrayInputStream(new byte[1000]))).isTrue();
    }
    try (TarReader reader =
        new TarReader(new ByteArrayInputStream(out.toByteArray()), Limits.none())) {
      for (int i = 0; i < 3; i++) {
        assertThat(reader.next()).map(TarEntry::size).contains(1000L);
        assertThat(reader.content().readAllBytes()).hasSize(1000);
      }
      assertThat(reader.next()).isEmpty();
    }
  }

  @Test
  void hugeNumbersAndLongNamesSurvive() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarEntry entry =
        new TarEntry(
            "d/".repeat(60) + "é".repeat(100),
            TarEntry.Type.CHARACTER_DEVICE,
            07777,
            (int) 4_294_967_294L,
            2_097_152,
            0,
            Tars.TIME.minusSeconds(3_000_000_000L),
            "",
            4095,
            1_048_575,
            java.util.Map.of("user.a", "b\nc=d".getBytes(StandardCharsets.UTF_8)));
    try (TarWriter writer = new TarWriter(out)) {
      writer.put(entry);
    }
    try (TarReader reader =
        new TarReader(new ByteArrayInputStream(out.toByteArray()), Limits.none())) {
      Optional<TarEntry> read = reader.next();
      assertThat(read.orElseThrow())
          .usingRecursiveComparison()
          .ignoringFields("xattrs")
          .isEqualTo(entry);
      assertThat(read.orElseThrow().xattrs().get("user.a"))
          .isEqualTo("b\nc=d".getBytes(StandardCharsets.UTF_8));
    }
  }
}
