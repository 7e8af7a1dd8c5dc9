package dev.kemas.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class CompressionTest {
  @TempDir Path temp;

  /** Text and noise in turn, so that blocks compress differently. */
  private static byte[] content(int size) {
    byte[] bytes = new byte[size];
    Random random = new Random(size);
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) ((i >> 16) % 3 == 0 ? random.nextInt() : "a line of text\n".charAt(i % 15));
    }
    return bytes;
  }

  private static byte[] packed(Compression compression, byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OutputStream packing =
        switch (compression) {
          case NONE, GZIP, ZSTD -> compression.compress(out);
          case XZ -> new XZOutputStream(out, new LZMA2Options(1));
          case BZIP2 -> new BZip2CompressorOutputStream(out);
        };
    try (packing) {
      packing.write(content);
    }
    return out.toByteArray();
  }

  private static byte[] unpacked(byte[] packed, Limits limits) throws IOException {
    try (Compression.Decompressed in = Compression.open(new ByteArrayInputStream(packed), limits)) {
      return in.stream().readAllBytes();
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void everyFormIsKnownByItsFirstBytesAndRead(Compression compression) throws IOException {
    byte[] content = content(700_000);
    byte[] packed = packed(compression, content);
    assertThat(Compression.detect(packed, Compression.HEAD)).isEqualTo(compression);
    assertThat(unpacked(packed, Limits.none())).isEqualTo(content);
    assertThat(unpacked(packed(compression, new byte[0]), Limits.none())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 262_143, 262_144, 262_145, 524_288, 3_000_000})
  void gzipReadsWhatIsPackedSideBySide(int size) throws IOException {
    byte[] content = content(size);
    byte[] packed = packed(Compression.GZIP, content);
    Files.write(temp.resolve("f.gz"), packed);
    Shell.sh(temp, "gzip -t f.gz && gunzip -k f.gz");
    assertThat(Files.readAllBytes(temp.resolve("f"))).isEqualTo(content);
    assertThat(unpacked(packed, Limits.none())).isEqualTo(content);
    assertThat(packed(Compression.GZIP, content)).isEqualTo(packed);
  }

  @Test
  void packingInPiecesGivesTheSameBytes() throws IOException {
    byte[] content = content(1_000_000);
    for (Compression compression : new Compression[] {Compression.GZIP, Compression.ZSTD}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (OutputStream packing = compression.compress(out)) {
        for (int at = 0; at < content.length; at += 7919) {
          packing.write(content, at, Math.min(7919, content.length - at));
        }
      }
      assertThat(out.toByteArray()).as("%s", compression).isEqualTo(packed(compression, content));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "ZSTD", "XZ", "BZIP2"})
  void damageAndAnEarlyEndAreDataLoss(Compression compression) throws IOException {
    byte[] packed = packed(compression, content(500_000));
    for (int length : new int[] {7, packed.length / 2, packed.length - 3}) {
      assertThatThrownBy(() -> unpacked(Arrays.copyOf(packed, length), Limits.none()))
          .as("cut to %d of %d", length, packed.length)
          .isInstanceOf(IOException.class)
          .hasCauseInstanceOf(Fault.DataLoss.class)
          .hasMessageContaining(compression.toString());
    }
    byte[] damaged = packed.clone();
    for (int i = packed.length / 2; i < packed.length / 2 + 50; i++) {
      damaged[i] ^= 0x5A;
    }
    if (compression != Compression.ZSTD) {
      // zstd keeps a checksum only where it was asked to
      assertThatThrownBy(() -> unpacked(damaged, Limits.none()))
          .hasCauseInstanceOf(Fault.DataLoss.class);
    }
  }

  @Test
  void aFailingSourceIsNotTakenForDamage() {
    InputStream failing =
        new InputStream() {
          private final byte[] head = {0x1F, (byte) 0x8B, 8, 0, 0, 0};
          private int at;

          @Override
          public int read() throws IOException {
            if (at == head.length) {
              throw new IOException("unplugged");
            }
            return head[at++] & 0xFF;
          }
        };
    assertThatThrownBy(
            () -> {
              try (Compression.Decompressed in = Compression.open(failing, Limits.none())) {
                in.stream().readAllBytes();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessage("unplugged")
        .hasNoCause();
  }

  @Test
  void theLimitOfBytesIsHeld() throws IOException {
    byte[] packed = packed(Compression.GZIP, content(500_000));
    assertThat(unpacked(packed, Limits.of(500_000, 1))).hasSize(500_000);
    assertThatThrownBy(() -> unpacked(packed, Limits.of(499_999, 1)))
        .hasCauseInstanceOf(Fault.ResourceExhausted.class);
  }

  @Test
  void whatIsNotCompressedIsHandedOnAsItIs() throws IOException {
    for (String text : new String[] {"", "x", "plain text that is longer than a magic number"}) {
      byte[] plain = text.getBytes(StandardCharsets.UTF_8);
      assertThat(unpacked(plain, Limits.none())).isEqualTo(plain);
    }
  }

  @Test
  void formsThatAreOnlyReadSaySo() {
    assertThatThrownBy(() -> Compression.XZ.compress(OutputStream.nullOutputStream()))
        .isInstanceOf(Fault.Unsupported.class)
        .hasMessageContaining("xz");
  }
}
