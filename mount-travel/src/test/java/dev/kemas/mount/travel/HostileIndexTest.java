package dev.kemas.mount.travel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Indexes that a stranger made. */
class HostileIndexTest {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  @TempDir Path temp;
  private final TestPlace place = new TestPlace();
  private Path files;

  @BeforeEach
  void folder() throws IOException {
    files = Files.createDirectories(temp.resolve("mount/files"));
  }

  private void come() {
    MountImport.merge(files, files.getParent(), place, TravelLimits.DEFAULT, TravelWatch.NONE);
  }

  private void offer(String entries) {
    Chunk chunk = place.chunk(CONTENT);
    offer(chunk, entries);
  }

  private void offer(Chunk chunk, String entries) {
    String text =
        """
        {"chunks":[{"blob":"%s","size":%d,"plain":"%s","length":%d}],"entries":[%s]}\
        """
            .formatted(chunk.blob(), chunk.size(), chunk.plain(), chunk.length(), entries);
    place.stranger(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String file(String path, String more) {
    return """
    {"path":"%s","kind":"file","mode":420,"uid":0,"gid":0,"seconds":1,"nanos":0,
     "size":7,"digest":"%s","pieces":[{"chunk":0,"offset":0,"length":7}]%s}\
    """
        .formatted(path, Digest.of(CONTENT), more);
  }

  private void refused() throws IOException {
    assertThatThrownBy(this::come)
        .isInstanceOfAny(Fault.DataLoss.class, Fault.ResourceExhausted.class);
    assertThat(files).isEmptyDirectory();
    try (var all = Files.list(temp.resolve("mount"))) {
      assertThat(all).containsExactly(files);
    }
  }

  @Test
  void anHonestOneComes() {
    offer(file("name", ""));
    come();
    assertThat(files.resolve("name")).hasBinaryContent(CONTENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../out",
        "/etc/out",
        "a/../../out",
        "",
        ".",
        "..",
        "a//b",
        "dir/",
        "no-folder/file",
        "a\\u0000b",
        "half\\udc80"
      })
  void pathsThatLeadOut(String path) throws IOException {
    offer(file(path, ""));
    refused();
  }

  @Test
  void aFileBelowALink() throws IOException {
    Path outside = Files.createDirectories(temp.resolve("outside"));
    offer(
        """
        {"path":"link","kind":"link","mode":0,"uid":0,"gid":0,"target":"%s"},%s\
        """
            .formatted(outside, file("link/file", "")));
    refused();
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void theSamePathTwice() throws IOException {
    offer(file("name", "") + "," + file("name", ""));
    refused();
  }

  @ParameterizedTest
  @ValueSource(strings = {"device", "character", "fifo", "socket", "hardlink"})
  void otherKinds(String kind) throws IOException {
    offer(
        """
        {"path":"x","kind":"%s","mode":438,"uid":0,"gid":0}\
        """
            .formatted(kind));
    refused();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"mode\":420|\"mode\":2541", // setuid
        "\"mode\":420|\"mode\":-1",
        "\"uid\":0|\"uid\":4294967295",
        "\"uid\":0|\"uid\":-5",
        "\"size\":7|\"size\":8",
        "\"size\":7|\"size\":9223372036854775807",
        "\"offset\":0|\"offset\":1",
        "\"offset\":0|\"offset\":-1",
        "\"length\":7|\"length\":0",
        "\"length\":7|\"length\":2147483647",
        "\"chunk\":0|\"chunk\":1",
        "\"chunk\":0|\"chunk\":-1",
        "\"seconds\":1|\"seconds\":99999999999999",
        "\"seconds\":1,|",
        "\"nanos\":0|\"nanos\":0,\"xattrs\":{\"security.capability\":\"AAAA\"}",
        "\"nanos\":0|\"nanos\":0,\"xattrs\":{\"user.x\":\"no base64!\"}",
        "\"path\":\"name\",|"
      })
  void numbersThatCannotBe(String change) throws IOException {
    String[] both = change.split("\\|", -1);
    String entry = file("name", "");
    assertThat(entry).contains(both[0]);
    offer(entry.replace(both[0], both[1]));
    refused();
  }

  @Test
  void aFileThatIsNotWhatItsDigestSays() throws IOException {
    offer(file("name", "").replace(Digest.of(CONTENT).hex(), Digest.of(new byte[] {1}).hex()));
    refused();
  }

  @Test
  void aChunkThatUnpacksToMoreThanItSays() throws IOException {
    byte[] bomb = new byte[64 << 20];
    byte[] packed = com.github.luben.zstd.Zstd.compress(bomb);
    place.blobs.put(Digest.of(packed), packed);
    offer(
        new Chunk(Digest.of(packed), packed.length, Digest.of(CONTENT), CONTENT.length),
        file("name", ""));
    refused();
  }

  @Test
  void aChunkThatSaysItIsHuge() throws IOException {
    Chunk honest = place.chunk(CONTENT);
    offer(
        new Chunk(honest.blob(), honest.size(), honest.plain(), Integer.MAX_VALUE),
        file("name", ""));
    refused();
    offer(
        new Chunk(honest.blob(), Long.MAX_VALUE, honest.plain(), honest.length()),
        file("name", ""));
    refused();
  }

  @Test
  void manyFilesOfOneChunkAreMoreThanMayCome() throws IOException {
    byte[] plain = new byte[4 << 20];
    Chunk chunk = place.chunk(plain);
    StringBuilder entries = new StringBuilder();
    for (int i = 0; i < 600; i++) {
      entries
          .append(i == 0 ? "" : ",")
          .append(
              file("f" + i, "")
                  .replace("\"size\":7", "\"size\":" + plain.length)
                  .replace("\"length\":7", "\"length\":" + plain.length));
    }
    offer(chunk, entries.toString());
    refused();
  }

  @Test
  void anIndexThatUnpacksToTooMuch() throws IOException {
    place.stranger(new byte[TravelLimits.MOST_INDEX + 10]);
    refused();
  }

  @Test
  void somethingElse() throws IOException {
    place.stranger("[]".getBytes(StandardCharsets.UTF_8));
    refused();
    place.stranger("{\"entries\":[null]}".getBytes(StandardCharsets.UTF_8));
    refused();
    place.manifest = java.util.Optional.of("{}".getBytes(StandardCharsets.UTF_8));
    refused();
  }
}
