package dev.kemas.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.linux.HostDeflate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same for whoever unpacks; zlib packs. */
class RawInflateTest {
  private final Random random = new Random(5);

  static Stream<RawInflate> all() {
    return Stream.of(
        new RawInflate.ByJava(), new RawInflate.ByHost(HostDeflate.get().orElseThrow()));
  }

  private byte[] content(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (random.nextInt(8) == 0 ? random.nextInt() : i / 100);
    }
    return bytes;
  }

  private static byte[] packed(byte[] plain, int level) {
    try (Deflater deflater = new Deflater(level, true)) {
      deflater.setInput(plain);
      deflater.finish();
      byte[] packed = new byte[plain.length * 2 + 100];
      return Arrays.copyOf(packed, deflater.deflate(packed));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void pieces_of_any_size_give_the_plain_bytes_and_tell_where_the_stream_ends(RawInflate inflate)
      throws IOException {
    try (inflate) {
      for (int round = 0; round < 200; round++) {
        byte[] plain = content(random.nextInt(random.nextBoolean() ? 300 : 500_000));
        byte[] packed = packed(plain, random.nextInt(10));
        int behind = random.nextInt(20);
        byte[] source = Arrays.copyOf(packed, packed.length + behind);
        int step = 1 + random.nextInt(random.nextBoolean() ? 3 : RawInflate.MOST);
        byte[] got = new byte[plain.length + 1];
        int done = 0;
        int given = 0;
        while (!inflate.finished()) {
          int n = inflate.inflate(got, done, Math.min(1 + random.nextInt(9000), got.length - done));
          done += n;
          if (n == 0 && !inflate.finished()) {
            assertThat(given).isLessThan(source.length);
            int length = Math.min(step, source.length - given);
            inflate.input(source, given, length);
            given += length;
          }
        }
        assertThat(Arrays.copyOf(got, done)).isEqualTo(plain);
        assertThat(given - inflate.remaining()).isEqualTo(packed.length);
        assertThat(inflate.produced()).isEqualTo(plain.length);
        inflate.reset();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void damaged_bytes_are_refused_or_give_other_bytes_but_never_hang(RawInflate inflate) {
    try (inflate) {
      for (int round = 0; round < 300; round++) {
        byte[] packed = packed(content(20_000), 6);
        packed[random.nextInt(packed.length)] ^= (byte) (1 << random.nextInt(8));
        inflate.reset();
        inflate.input(packed, 0, packed.length);
        try {
          byte[] got = new byte[4096];
          while (inflate.inflate(got, 0, got.length) > 0) {}
        } catch (IOException damaged) {
          assertThat(damaged).hasMessageNotContaining("null");
        }
      }
    }
  }

  @Test
  void a_closed_one_hands_out_nothing() {
    RawInflate inflate = new RawInflate.ByHost(HostDeflate.get().orElseThrow());
    inflate.close();
    inflate.close();
    assertThatThrownBy(() -> inflate.inflate(new byte[10], 0, 10))
        .isInstanceOf(IOException.class)
        .hasMessage("it is closed");
  }

  /** A source that hands out as little as it likes. */
  private InputStream dripping(byte[] bytes) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public int read(byte[] into, int from, int length) {
        return super.read(into, from, Math.min(length, 1 + random.nextInt(11)));
      }
    };
  }

  @Test
  void members_one_after_the_other_are_read_as_one_however_they_drip_in() throws IOException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    for (int member = 0; member < 40; member++) {
      byte[] content = content(random.nextInt(3000));
      plain.write(content);
      try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
        out.write(content);
      }
      packed.write(new byte[member % 3 == 0 ? random.nextInt(9) : 0]);
    }
    try (InputStream in = new GzipInput(dripping(packed.toByteArray()))) {
      assertThat(in.readAllBytes()).isEqualTo(plain.toByteArray());
    }
  }

  @Test
  void what_is_packed_by_either_is_unpacked_by_either() throws IOException {
    for (RawDeflate deflate : new RawDeflate[] {RawDeflate.fastest(), RawDeflate::byJava}) {
      for (int size : new int[] {1, 100, 65_536, 1 << 20}) {
        byte[] plain = content(size);
        byte[] twice = new byte[2 * size];
        System.arraycopy(plain, 0, twice, 0, size);
        System.arraycopy(plain, 0, twice, size, size);
        byte[] block = deflate.pack(plain, size);
        byte[] stream = Arrays.copyOf(block, 2 * block.length + 2);
        System.arraycopy(block, 0, stream, block.length, block.length);
        stream[2 * block.length] = 3;
        for (RawInflate inflate : all().toList()) {
          byte[] got = new byte[twice.length];
          int done = 0;
          for (int from = 0; from < stream.length; from += RawInflate.MOST) {
            inflate.input(stream, from, Math.min(RawInflate.MOST, stream.length - from));
            for (int n = 1; n > 0; done += n) {
              n = inflate.inflate(got, done, got.length - done);
            }
          }
          assertThat(got).isEqualTo(twice);
          assertThat(inflate.finished()).isTrue();
          inflate.close();
        }
      }
    }
  }
}
