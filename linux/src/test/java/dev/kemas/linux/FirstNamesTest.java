package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstNamesTest {
  @TempDir Path temp;

  @Test
  void theFirstNameOfEachFileIsToldForAllLaterOnes() throws IOException {
    FirstNames names = new FirstNames();
    int files = 5_000;
    String folder = "f".repeat(200) + "/"; // so that the names take several pieces of memory
    for (int i = 0; i < files; i++) {
      Files.createLink(temp.resolve(i + "-again"), Files.createFile(temp.resolve("" + i)));
    }
    try (Directory directory = Directory.open(temp)) {
      for (int i = 0; i < files; i++) {
        assertThat(names.of(directory.stat("" + i).orElseThrow(), folder + i)).isEmpty();
      }
      for (int i = 0; i < files; i++) {
        assertThat(names.of(directory.stat(i + "-again").orElseThrow(), "later"))
            .contains(folder + i);
      }
    }
  }

  @Test
  void aNameThatIsNoTextIsToldAsItIs() throws IOException {
    String name = FileNames.decode(new byte[] {'a', (byte) 0xFF, 'b'});
    FirstNames names = new FirstNames();
    Files.createFile(temp.resolve("x"));
    try (Directory directory = Directory.open(temp)) {
      Stat stat = directory.stat("x").orElseThrow();
      assertThat(names.of(stat, name)).isEmpty();
      assertThat(names.of(stat, "y")).contains(name);
    }
  }
}
