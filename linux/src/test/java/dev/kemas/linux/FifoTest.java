package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FifoTest {
  @Test
  void a_pipe_without_a_reader_is_told_instead_of_waited_for(@TempDir Path temp) {
    Path path = temp.resolve("ctl");
    assertThatThrownBy(() -> Fifo.openToWrite(path)).isInstanceOf(Fault.NotFound.class);
    try (Directory directory = Directory.open(temp)) {
      directory.mknod("ctl", FileType.FIFO, 0600, 0, 0);
    }
    assertThatThrownBy(() -> Fifo.openToWrite(path))
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessageContaining("nobody reads");
    try (Descriptor reader = Fifo.openToRead(path)) {
      try (Descriptor writer = Fifo.openToWrite(path)) {
        writer.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(reader.read(ByteBuffer.allocate(10))).isEqualTo(3);
      }
      assertThat(reader.read(ByteBuffer.allocate(10))).isEqualTo(-1);
    }
  }
}
