package dev.kemas.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An archive is put together again to the byte, whatever wrote it. */
class TarRecipeTest {
  @TempDir Path temp;
  private Path folder;

  @BeforeEach
  void fill() throws IOException, InterruptedException {
    folder = Files.createDirectories(temp.resolve("tree"));
    byte[] noise = new byte[300_000];
    new Random(5).nextBytes(noise);
    Files.createDirectories(folder.resolve("a/b"));
    Files.write(folder.resolve("a/noise"), noise);
    Files.write(folder.resolve("a/b/" + "long".repeat(50)), Arrays.copyOf(noise, 70_000));
    Files.writeString(folder.resolve("small"), "x");
    Files.writeString(folder.resolve("a/wörter"), "y".repeat(5000));
    Files.createLink(folder.resolve("z-second-name"), folder.resolve("a/noise"));
    Files.createSymbolicLink(folder.resolve("a/b/link"), Path.of("/a/noise"));
    run("mkfifo", folder.resolve("pipe").toString());
    run("truncate", "-s", "3M", folder.resolve("holes").toString());
    run(
        "dd",
        "if=/dev/urandom",
        "of=" + folder.resolve("holes"),
        "bs=4k",
        "count=1",
        "seek=99",
        "conv=notrunc",
        "status=none");
    run("truncate", "-s", "4M", folder.resolve("holes").toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  private byte[] tar(String... options) throws IOException, InterruptedException {
    Path file = temp.resolve("t.tar");
    String[] all = new String[options.length + 4];
    all[0] = "tar";
    System.arraycopy(options, 0, all, 1, options.length);
    all[options.length + 1] = "-cf";
    all[options.length + 2] = file.toString();
    all[options.length + 3] = ".";
    ProcessBuilder builder = new ProcessBuilder(all).directory(folder.toFile()).inheritIO();
    assertThat(builder.start().waitFor()).isZero();
    return Files.readAllBytes(file);
  }

  private byte[] recipe(byte[] tar) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarRecipe.write(new ByteArrayInputStream(tar), folder, out);
    return out.toByteArray();
  }

  private byte[] assemble(byte[] recipe) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarRecipe.assemble(new ByteArrayInputStream(recipe), folder, out);
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gnu", "oldgnu", "pax", "ustar", "v7"})
  void everyFormComesBackAndIsSmallMeanwhile(String format)
      throws IOException, InterruptedException {
    if (format.equals("v7") || format.equals("ustar")) {
      Files.delete(folder.resolve("a/b/" + "long".repeat(50))); // these cannot say such a name
    }
    if (format.equals("v7")) {
      Files.delete(folder.resolve("pipe"));
    }
    byte[] tar = tar("--format=" + format);
    byte[] recipe = recipe(tar);
    assertThat(assemble(recipe)).isEqualTo(tar);
    assertThat(recipe).hasSizeLessThan(5000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gnu", "pax"})
  void sparseFilesComeBack(String format) throws IOException, InterruptedException {
    byte[] tar = tar("--format=" + format, "--sparse");
    assertThat(assemble(recipe(tar))).isEqualTo(tar);
  }

  @Test
  void whatTheFolderHasOtherwiseStandsInTheRecipe() throws IOException, InterruptedException {
    byte[] tar = tar();
    Files.delete(folder.resolve("a/wörter"));
    Files.writeString(folder.resolve("small"), "another and longer");
    byte[] changed = Files.readAllBytes(folder.resolve("a/noise"));
    changed[200_000] ^= 1;
    Files.write(folder.resolve("a/noise"), changed);
    assertThat(assemble(recipe(tar))).isEqualTo(tar);
  }

  @Test
  void whatIsNoArchiveOrCutOffComesBackToo() throws IOException, InterruptedException {
    byte[] tar = tar();
    for (int length : new int[] {0, 1, 511, 512, 700, tar.length / 2, tar.length - 1}) {
      byte[] part = Arrays.copyOf(tar, length);
      assertThat(assemble(recipe(part))).isEqualTo(part);
    }
    byte[] noise = new byte[100_000];
    new Random(9).nextBytes(noise);
    assertThat(assemble(recipe(noise))).isEqualTo(noise);
  }

  @Test
  void aFileThatIsGoneOrShorterIsNamed() throws IOException, InterruptedException {
    byte[] recipe = recipe(tar());
    Files.write(folder.resolve("a/noise"), new byte[5]);
    assertThatThrownBy(() -> assemble(recipe))
        .isInstanceOf(Fault.DataLoss.class)
        .hasMessageContaining("\" of a layer is shorter");
    Files.delete(folder.resolve("a/noise"));
    Files.delete(folder.resolve("z-second-name"));
    assertThatThrownBy(() -> assemble(recipe))
        .isInstanceOf(Fault.DataLoss.class)
        .hasMessageContaining("of a layer is gone");
  }

  @Test
  void aDamagedRecipeIsRefused() throws IOException, InterruptedException {
    byte[] recipe = recipe(tar());
    assertThatThrownBy(() -> assemble(Arrays.copyOf(recipe, recipe.length / 2)))
        .isInstanceOfAny(Fault.DataLoss.class, IOException.class);
    assertThatThrownBy(() -> assemble(new byte[0])).isInstanceOf(Fault.DataLoss.class);
  }
}
