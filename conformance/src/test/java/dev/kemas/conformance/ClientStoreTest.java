package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client keeps in folders in OCI's layout: images to build upon, and build caches. */
final class ClientStoreTest extends Engines {
  private static final String UUID = "cat /proc/sys/kernel/random/uuid";

  @TempDir Path context;
  @TempDir Path elsewhere;
  @TempDir Path configuration;
  private Buildx buildx;

  @BeforeEach
  void plugIn() throws IOException {
    Daemon.kemasOnly("dockerd without its image store of containerd has no such folders");
    buildx = Buildx.in(daemon, configuration);
  }

  @AfterEach
  void forget() throws IOException, InterruptedException {
    tryDocker("rmi", "-f", "made");
    tryDocker("rmi", "-f", "base:1");
  }

  private void file(String text) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), text);
  }

  private Command command(String client, String... more) {
    String[] line = new String[more.length + 4];
    line[0] = "build";
    line[1] = "-t";
    line[2] = "made";
    System.arraycopy(more, 0, line, 3, more.length);
    line[line.length - 1] = context.toString();
    return client.equals("kemas") ? daemon.command("kemas", line) : buildx.command(line);
  }

  private String said() throws IOException, InterruptedException {
    return docker("run", "--rm", "made");
  }

  private void nothingIsRemembered() throws IOException, InterruptedException {
    docker("rmi", "-f", "made");
    buildx.command("buildx", "prune", "-af").run().expect(0);
  }

  /** An image that only a folder has, with a text in it. */
  private Path layout(String text) throws IOException, InterruptedException {
    file("FROM busybox\nRUN echo " + text + " > /word\nCMD cat /word\n");
    Path tar = elsewhere.resolve(text + ".tar");
    buildx
        .command("build", "-t", "base:1", "-o", "type=oci,dest=" + tar, context.toString())
        .run()
        .expect(0);
    Path folder = Files.createDirectories(elsewhere.resolve(text));
    Command.of("tar", "-C", folder.toString(), "-xf", tar.toString()).run().expect(0);
    nothingIsRememberedOfImages();
    return folder;
  }

  private void nothingIsRememberedOfImages() throws IOException, InterruptedException {
    tryDocker("rmi", "-f", "base:1");
    buildx.command("buildx", "prune", "-af").run().expect(0);
  }

  private static String digest(Path layout) throws IOException {
    String index = Files.readString(layout.resolve("index.json"));
    int at = index.indexOf("sha256:");
    return index.substring(at, at + "sha256:".length() + 64);
  }

  @Test
  void anImageOfAFolderIsBuiltUpon() throws IOException, InterruptedException {
    for (String client : List.of("buildx", "kemas")) {
      Path layout = layout(client);
      file("FROM there\nRUN cat /word /word > /twice\nCMD [\"cat\", \"/twice\"]\n");
      String address = "there=oci-layout://" + layout + "@" + digest(layout);
      command(client, "--build-context", address).run().expect(0);
      assertThat(said()).isEqualTo(client + "\n" + client + "\n");
      file("FROM busybox\nCOPY --from=there /word /w\nCMD [\"cat\", \"/w\"]\n");
      command(client, "--build-context", address).run().expect(0);
      assertThat(said()).isEqualTo(client + "\n");
    }
  }

  @Test
  void anImageThatIsNotWhatItsDigestSaysIsRefused() throws IOException, InterruptedException {
    Path layout = layout("damaged");
    try (Stream<Path> blobs = Files.list(layout.resolve("blobs/sha256"))) {
      Path largest =
          blobs
              .max(java.util.Comparator.comparingLong(blob -> blob.toFile().length()))
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(largest);
      bytes[bytes.length / 2] ^= 1;
      Files.write(largest, bytes);
    }
    file("FROM there\nRUN true\n");
    String address = "there=oci-layout://" + layout + "@" + digest(layout);
    for (String client : List.of("buildx", "kemas")) {
      Command.Result refused = command(client, "--build-context", address).run();
      assertThat(refused.code()).isNotZero();
    }
    assertThat(tryDocker("image", "inspect", "made").code()).isNotZero();
  }

  @Test
  void aCacheInAFolderOfTheClientIsFilledAndRead() throws IOException, InterruptedException {
    file("FROM busybox\nRUN " + UUID + " > /id\nCMD [\"cat\", \"/id\"]\n");
    for (String client : List.of("buildx", "kemas")) {
      Path cache = elsewhere.resolve("cache-" + client);
      command(client, "--cache-to", "type=local,dest=" + cache + ",mode=max").run().expect(0);
      String first = said();
      assertThat(Files.readString(cache.resolve("index.json"))).contains("latest");
      nothingIsRemembered();
      for (String reader : List.of("buildx", "kemas")) {
        command(reader, "--cache-from", "type=local,src=" + cache).run().expect(0);
        assertThat(said()).as(client + " to " + reader).isEqualTo(first);
        nothingIsRemembered();
      }
      command(client).run().expect(0);
      assertThat(said()).isNotEqualTo(first);
      nothingIsRemembered();
    }
  }

  @Test
  void aCacheInAnImageIsReadByTheClassicEndpoint() throws IOException, InterruptedException {
    file("FROM busybox\nRUN " + UUID + " > /id\nCMD [\"cat\", \"/id\"]\n");
    command("kemas", "--cache-to", "type=inline").run().expect(0);
    String first = said();
    Path saved = elsewhere.resolve("saved.tar");
    docker("save", "-o", saved.toString(), "made");
    nothingIsRemembered();
    docker("load", "-i", saved.toString());
    docker("tag", "made", "cached:1");
    docker("rmi", "made");
    try {
      docker("build", "--cache-from", "cached:1", "-t", "made", context.toString());
      assertThat(said()).isEqualTo(first);
    } finally {
      docker("rmi", "-f", "cached:1");
    }
    nothingIsRemembered();
    String warned =
        docker("build", "--cache-from", "nowhere.invalid/none:1", "-t", "made", context.toString());
    assertThat(warned).contains("building without it");
    assertThat(said()).isNotEqualTo(first);
    byte[] raw =
        RawHttp.request(daemon.socket(), "POST", "/v1.47/build?cachefrom=%7B%7D", "", "").body();
    assertThat(new String(raw, StandardCharsets.UTF_8)).contains("want an array");
  }
}
