package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pulls of images that were signed by identity. The images lie among the resources as they are in a
 * registry; module signature-sigstore has what made them.
 */
final class IdentityTest {
  private static final Pattern TYPE = Pattern.compile("\"mediaType\":\"([^\"]+)\"");
  @TempDir Path folder;
  private Path images;
  private RealRegistry registry;
  private Daemon daemon;

  @BeforeEach
  void open() throws IOException, InterruptedException, URISyntaxException {
    Daemon.kemasOnly("dockerd has no policy of signatures");
    images =
        Path.of(IdentityTest.class.getResource("/signed-by-identity/trusted_root.json").toURI())
            .getParent();
    registry = RealRegistry.open();
  }

  @AfterEach
  void close() throws IOException {
    if (daemon != null) {
      daemon.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  private void start(String identity) throws IOException, InterruptedException {
    Path policy =
        Files.writeString(
            folder.resolve("policy.json"),
            """
            {"rules": [{"images": "%s", "action": "require", "signers": [
              {"trust-root": "%s", "identity": "%s", "issuer": "https://issuer.test"}]}]}
            """
                .formatted(registry.host(), images.resolve("trusted_root.json"), identity));
    daemon = Daemon.start("--bridge=none", "--signature-policy", policy.toString());
  }

  /** Puts what lies in a folder into a repository. */
  private String push(String kind) throws IOException, InterruptedException {
    String base = "http://" + registry.host() + "/v2/signed/" + kind;
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (Path blob : files(images.resolve(kind).resolve("blobs"))) {
        HttpResponse<Void> begun =
            client.send(
                HttpRequest.newBuilder(URI.create(base + "/blobs/uploads/"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build(),
                HttpResponse.BodyHandlers.discarding());
        String to = begun.headers().firstValue("Location").orElseThrow();
        put(
            client,
            to + (to.contains("?") ? "&" : "?") + "digest=sha256:" + blob.getFileName(),
            "application/octet-stream",
            blob);
      }
      // what is named by its digest comes before the index that names it
      for (Path manifest : files(images.resolve(kind).resolve("manifests"))) {
        Matcher type = TYPE.matcher(Files.readString(manifest));
        assertThat(type.find()).isTrue();
        put(client, base + "/manifests/" + manifest.getFileName(), type.group(1), manifest);
      }
    }
    return registry.host() + "/signed/" + kind + ":1";
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList().reversed();
    }
  }

  private static void put(HttpClient client, String to, String type, Path content)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(to))
            .header("Content-Type", type)
            .PUT(HttpRequest.BodyPublishers.ofFile(content))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(to + ": " + answer.body()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tag", "bundle"})
  void whatTheRightOneSignedIsPulled(String kind) throws IOException, InterruptedException {
    String name = push(kind);
    start("me@example.com");
    assertThat(daemon.ok("docker", "pull", name))
        .contains("Signature: verified, identity me@example.com of issuer https://issuer.test")
        .contains("Status: Downloaded newer image for " + name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tag", "bundle"})
  void whatSomebodyElseSignedIsNot(String kind) throws IOException, InterruptedException {
    String name = push(kind);
    start("you@example.com");
    assertThat(daemon.run("docker", "pull", name).expect(1).err())
        .contains(
            "made by identity me@example.com of issuer https://issuer.test, not by identity"
                + " you@example.com of issuer https://issuer.test");
  }
}
