package dev.kemas.archive;

import static dev.kemas.archive.Tars.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.snapshot.LayerTarget;
import dev.kemas.snapshot.WhiteoutFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damage, limits, and the hash of what came. */
class DamagedLayerTest extends LayerFixture {
  @Test
  void anArchiveMayEndBehindItsLastContent() throws IOException {
    byte[] whole = tar().file("first", "x".repeat(2000)).file("last", "y".repeat(10)).bytes();
    // each entry is a header, its PAX records, their header, content in whole blocks
    apply(Arrays.copyOf(whole, 3 * 512 + 2048 + 3 * 512 + 10));
    assertThat(Files.readString(root.resolve("last"))).isEqualTo("y".repeat(10));
  }

  @Test
  void damageIsToldFromAnEnd() {
    byte[] good = tar().file("first", "x".repeat(2000)).file("second", "y".repeat(2000)).bytes();
    assertThatThrownBy(() -> apply(Arrays.copyOf(good, 1000)))
        .isInstanceOf(Fault.DataLoss.class)
        .hasMessageContaining("first");
    byte[] flipped = good.clone();
    // header, its PAX records, their header, content of the first; then the second's
    flipped[3 * 512 + 2048 + 10] ^= 1;
    assertThatThrownBy(() -> apply(flipped))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("first");
    assertThatThrownBy(
            () -> apply("<html>not found</html>".repeat(50).getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("not a tar archive");
  }

  @Test
  void theFileThatAnArchiveEndsInIsNotLeftBehind() {
    byte[] good = tar().file("whole", "x").file("half", "y".repeat(100_000)).bytes();
    assertThatThrownBy(() -> apply(Arrays.copyOf(good, 50_000))).isInstanceOf(Fault.DataLoss.class);
    assertThat(root.resolve("half")).doesNotExist();
  }

  @Test
  void everyTruncationAndManyDamagesEndInAFaultOrInNothingOutside() {
    byte[] good =
        tar()
            .directory("d")
            .file("d/f", "x".repeat(700), 0755, 1, 1, Map.of("user.a", new byte[40]))
            .symlink("l", "d")
            .hardLink("h", "d/f")
            .whiteout("d/.wh.gone")
            .file("long".repeat(60), "y")
            .bytes();
    Random random = new Random(7);
    for (int i = 0; i < 600; i++) {
      byte[] bad = good.clone();
      for (int j = 0; j <= i % 4; j++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      byte[] cut =
          Arrays.copyOf(bad, random.nextInt(4) == 0 ? random.nextInt(bad.length) : bad.length);
      fixChecksums(cut);
      try {
        apply(cut, i % 2 == 0 ? WhiteoutFormat.OVERLAY : WhiteoutFormat.PLAIN);
      } catch (Fault.InvalidArgument | Fault.DataLoss | Fault.ResourceExhausted e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
    assertThat(Shell.sh(temp, "find . -path ./root -prune -o -print | sort"))
        .isEqualTo(".\n./outside\n./outside/secret\n");
  }

  /** So that damage gets past the checksum and into what is behind it. */
  private static void fixChecksums(byte[] tar) {
    for (int at = 0; at + 512 <= tar.length; at += 512) {
      if (tar[at + 257] == 'u' && tar[at + 258] == 's') {
        byte[] block = Arrays.copyOfRange(tar, at, at + 512);
        System.arraycopy(Tars.block(0, block), 148, tar, at + 148, 8);
      }
    }
  }

  @Test
  void limitsAreHeld() {
    byte[] layer = tar().file("a", "x".repeat(1000)).file("big", "x".repeat(1000)).bytes();
    assertThatThrownBy(() -> applyWithin(Limits.of(1_000_000, 1), layer))
        .isInstanceOf(Fault.ResourceExhausted.class)
        .hasMessageContaining("1 entries");
    assertThatThrownBy(() -> applyWithin(Limits.of(1500, 10), layer))
        .isInstanceOf(Fault.ResourceExhausted.class)
        .hasMessageContaining("1500 bytes");
  }

  @Test
  void aBombIsRefusedByItsRatio() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (OutputStream out = Compression.GZIP.compress(bomb)) {
      for (int i = 0; i < 300; i++) {
        out.write(new byte[1 << 20]);
      }
    }
    assertThatThrownBy(() -> applyWithin(Limits.none().withRatio(200), bomb.toByteArray()))
        .isInstanceOf(Fault.ResourceExhausted.class)
        .hasMessageContaining("200 times");
  }

  private void applyWithin(Limits limits, byte[] layer) throws IOException {
    new LayerApplier(limits)
        .apply(new ByteArrayInputStream(layer), new LayerTarget(root, WhiteoutFormat.OVERLAY));
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"NONE", "GZIP", "ZSTD"})
  void theDiffIdIsThatOfEveryUncompressedByte(Compression compression) throws IOException {
    byte[] content = new byte[1_500_000];
    new Random(1).nextBytes(content);
    byte[] tar =
        tar().put(TarEntry.file("random", 0644, content.length, Instant.EPOCH), content).bytes();
    // what follows the end of an archive counts too: GNU tar fills its record up
    byte[] padded = Arrays.copyOf(tar, tar.length + 9000);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = compression.compress(packed)) {
      out.write(padded);
    }
    AppliedLayer applied = apply(packed.toByteArray());
    assertThat(applied.diffId()).isEqualTo(Digest.of(padded));
    assertThat(applied.size()).isEqualTo(padded.length);
    assertThat(applied.compression()).isEqualTo(compression);
    assertThat(Files.readAllBytes(root.resolve("random"))).isEqualTo(content);
  }

  @Test
  void whatReadingTheSourceThrewComesThrough() {
    byte[] good = tar().file("f", "x".repeat(2_000_000)).bytes();
    InputStream breaking =
        new FilterInputStream(new ByteArrayInputStream(good)) {
          @Override
          public int read(byte[] b, int off, int len) throws IOException {
            if (in.available() < 1_000_000) {
              throw new IOException("the peer went away");
            }
            return super.read(b, off, Math.min(len, 10_000));
          }
        };
    assertThatThrownBy(() ->
            new LayerApplier(Limits.none())
                .apply(breaking, new LayerTarget(root, WhiteoutFormat.OVERLAY)))
        .isInstanceOf(IOException.class)
        .hasMessage("the peer went away");
  }
}
