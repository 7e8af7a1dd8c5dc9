package dev.kemas.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.oci.Digest;
import dev.kemas.snapshot.Changes;
import dev.kemas.snapshot.LayerTarget;
import dev.kemas.snapshot.WhiteoutFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our archives against GNU tar's, and against themselves. */
class RoundTripTest {
  @TempDir Path temp;
  Path tree;
  Path copy;

  @BeforeEach
  void folders() throws IOException {
    tree = TreeFixture.make(temp.resolve("tree"));
    copy = Files.createDirectory(temp.resolve("copy"));
  }

  AppliedLayer apply(Path tar) throws IOException {
    try (InputStream in = new FileInputStream(tar.toFile())) {
      return new LayerApplier(Limits.none())
          .apply(in, new LayerTarget(copy, WhiteoutFormat.OVERLAY));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "--sparse", "--sparse --sparse-version=0.0", "--sparse --sparse-version=0.1"})
  void gnuTarsPaxArchivesAreAppliedExactly(String options) throws IOException {
    Shell.sh(
        temp, "tar -cf t.tar --format=pax --xattrs --xattrs-include='*' " + options + " -C tree .");
    AppliedLayer applied = apply(temp.resolve("t.tar"));
    assertThat(Shell.describe(copy)).isEqualTo(Shell.describe(tree));
    assertThat(applied.diffId().hex())
        .isEqualTo(Shell.sh(temp, "sha256sum t.tar | cut -d' ' -f1").strip());
    if (!options.isEmpty()) {
      assertThat(Shell.sh(temp, "du -k copy/etc/sparse | cut -f1").strip().length()).isLessThan(4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gnu", "gnu --sparse", "oldgnu", "oldgnu --sparse"})
  void gnuTarsOwnFormatIsAppliedButForWhatItCannotHold(String format) throws IOException {
    Shell.sh(temp, "tar -cf t.tar --format=" + format + " -C tree .");
    apply(temp.resolve("t.tar"));
    // whole seconds only, and no attributes
    Shell.sh(temp, "mkdir judge; tar -xpf t.tar --numeric-owner -C judge");
    assertThat(Shell.describe(copy)).isEqualTo(Shell.describe(temp.resolve("judge")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v7", "ustar"})
  void oldFormatsAreApplied(String format) throws IOException {
    Shell.sh(
        temp,
        "rm -r tree; mkdir -p tree/a/b; echo x > tree/a/b/f; ln tree/a/b/f tree/g; ln -s g tree/h");
    Shell.sh(
        temp,
        "tar -cf t.tar --format=" + format + " -C tree .; mkdir judge; tar -xpf t.tar -C judge");
    apply(temp.resolve("t.tar"));
    assertThat(Shell.describe(copy)).isEqualTo(Shell.describe(temp.resolve("judge")));
  }

  @Test
  void gnuTarReadsOurArchiveExactly() throws IOException {
    try (var out = Files.newOutputStream(temp.resolve("ours.tar"))) {
      new LayerWriter(Compression.NONE).export(tree, out);
    }
    String said =
        Shell.sh(
            temp,
            "tar -xpf ours.tar --warning=no-timestamp --numeric-owner --xattrs --xattrs-include='*' -C copy 2>&1");
    assertThat(said).isEmpty();
    assertThat(Shell.describe(copy)).isEqualTo(Shell.describe(tree));
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"NONE", "GZIP", "ZSTD"})
  void ourArchiveIsAppliedExactlyAndItsDigestsAreTrue(Compression compression) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WrittenLayer written = new LayerWriter(compression).export(tree, out);
    assertThat(written.digest()).isEqualTo(Digest.of(out.toByteArray()));
    assertThat(written.writtenSize()).isEqualTo(out.size());
    AppliedLayer applied =
        new LayerApplier(Limits.none())
            .apply(
                new ByteArrayInputStream(out.toByteArray()),
                new LayerTarget(copy, WhiteoutFormat.OVERLAY));
    assertThat(applied.diffId()).isEqualTo(written.diffId());
    assertThat(applied.size()).isEqualTo(written.size());
    assertThat(applied.entries()).isEqualTo(written.entries());
    assertThat(applied.content()).isEqualTo(written.content());
    assertThat(Shell.describe(copy)).isEqualTo(Shell.describe(tree));
  }

  @Test
  void theSameTreeGivesTheSameBytes() throws IOException {
    WrittenLayer first =
        new LayerWriter(Compression.GZIP).export(tree, new ByteArrayOutputStream());
    Shell.sh(temp, "cp -a tree again");
    WrittenLayer second =
        new LayerWriter(Compression.GZIP)
            .export(temp.resolve("again"), new ByteArrayOutputStream());
    assertThat(second).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({"gzip -9,GZIP", "zstd -19,ZSTD", "xz,XZ", "zstd -c | cat,ZSTD"})
  void whatRealToolsCompressIsRead(String tool, Compression expected) throws IOException {
    Shell.sh(
        temp, "tar -cf - --format=pax --xattrs --xattrs-include='*' -C tree . | " + tool + " > t");
    assertThat(apply(temp.resolve("t")).compression()).isEqualTo(expected);
    assertThat(Shell.describe(copy)).isEqualTo(Shell.describe(tree));
  }

  @Test
  void membersOneAfterTheOtherAreOneArchive() throws IOException {
    Shell.sh(
        temp,
        "tar -cf t.tar --format=pax --xattrs --xattrs-include='*' -C tree ."
            + "; split -b 100000 t.tar part.; for p in part.*; do gzip -c $p; done > t.gz"
            + "; head -c 512 /dev/zero >> t.gz");
    assertThat(apply(temp.resolve("t.gz")).diffId().hex())
        .isEqualTo(Shell.sh(temp, "sha256sum t.tar | cut -d' ' -f1").strip());
    assertThat(Shell.describe(copy)).isEqualTo(Shell.describe(tree));
  }

  // ---- differences

  /** Changes of every kind. */
  private static final String CHANGES =
      """
      rm -r var/empty etc/deep; rm bin/hello
      echo changed > etc/hello; chmod 700 tmp; mkdir etc/deep; echo new > etc/deep/new
      rm -r var/mail; echo file > var/mail
      rm etc/dangling; mkdir etc/dangling; touch etc/dangling/in
      mkdir -p fresh/a/b; ln etc/large3 fresh/linked; mknod fresh/zero c 1 5
      rm etc/empty; ln -s elsewhere etc/empty
      """;

  @Test
  void twoTreesAndTheirDifferenceAreTheSameAgain() throws IOException {
    Shell.sh(temp, "cp -a tree changed; cd changed; " + CHANGES);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WrittenLayer written =
        new LayerWriter(Compression.NONE)
            .write(new Changes.Trees(Optional.of(tree), temp.resolve("changed")), out);
    assertThat(written.size()).isLessThan(1_000_000);
    Shell.sh(temp, "rmdir copy; cp -a tree copy");
    new LayerApplier(Limits.none())
        .apply(
            new ByteArrayInputStream(out.toByteArray()),
            new LayerTarget(copy, WhiteoutFormat.PLAIN));
    // a new name of an unchanged file cannot be said in a layer: it becomes a file of its own
    Shell.sh(
        temp,
        "for t in copy changed; do cp $t/fresh/linked x; rm $t/fresh/linked; mv x $t/fresh/linked;"
            + " touch -d @0 $t/fresh/linked $t/fresh; done");
    assertThat(Shell.describe(copy)).isEqualTo(Shell.describe(temp.resolve("changed")));
  }

  @Test
  void noDifferenceHasNoEntries() throws IOException {
    Shell.sh(temp, "cp -a tree same");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WrittenLayer written =
        new LayerWriter(Compression.NONE)
            .write(new Changes.Trees(Optional.of(tree), temp.resolve("same")), out);
    assertThat(written.entries()).isZero();
    assertThat(out.size()).isEqualTo(1024);
  }

  @Test
  void aChangeThatKeepsSizeAndWholeSecondsIsSeen() throws IOException {
    Shell.sh(
        temp,
        "cd tree; touch -d @1000 etc/hello; cp -a ../tree ../changed; cd ../changed;"
            + " printf 'HELLO\\n' > etc/hello; touch -d @1000 etc/hello; touch -r ../tree/etc etc");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new LayerWriter(Compression.NONE)
        .write(new Changes.Trees(Optional.of(tree), temp.resolve("changed")), out);
    Files.write(temp.resolve("d.tar"), out.toByteArray());
    assertThat(Shell.sh(temp, "tar -tf d.tar")).isEqualTo("etc/\netc/hello\n");
  }

  @Test
  void aRealOverlaysUpperAndItsDifferenceAreTheSameAgain() throws IOException {
    Shell.sh(temp, "mkdir upper work merged lower-copy");
    Path base = Files.createDirectory(temp.resolve("base"));
    try (var out = Files.newOutputStream(temp.resolve("d.tar"))) {
      Shell.sh(
          temp,
          "mount -t overlay o -o lowerdir=tree,upperdir=upper,workdir=work,redirect_dir=off,metacopy=off"
              + " merged");
      try {
        Shell.sh(temp.resolve("merged"), CHANGES);
        new LayerWriter(Compression.NONE)
            .write(new Changes.OverlayUpper(temp.resolve("upper")), out);
        new LayerApplier(Limits.none())
            .apply(
                Files.newInputStream(temp.resolve("d.tar")),
                new LayerTarget(base, WhiteoutFormat.OVERLAY));
        Shell.sh(temp, "mkdir again && mount -t overlay o -o lowerdir=base:tree again");
        try {
          assertThat(Shell.describe(temp.resolve("again")))
              .isEqualTo(Shell.describe(temp.resolve("merged")));
        } finally {
          Shell.sh(temp, "umount again");
        }
      } finally {
        Shell.sh(temp, "umount merged");
      }
    }
    // in a plain copy the same layer gives the same tree
    Shell.sh(temp, "cp -a tree plain");
    new LayerApplier(Limits.none())
        .apply(
            Files.newInputStream(temp.resolve("d.tar")),
            new LayerTarget(temp.resolve("plain"), WhiteoutFormat.PLAIN));
    assertThat(Shell.sh(temp.resolve("plain"), "find . | sort"))
        .isEqualTo(
            Shell.sh(
                temp,
                "unshare -m sh -c 'mount -t overlay o -o lowerdir=base:tree again; cd again; find . | sort'"));
  }
}
