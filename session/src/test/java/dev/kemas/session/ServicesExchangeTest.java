package dev.kemas.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.file.transfer.FolderSource;
import dev.kemas.linux.UnixSocket;
import dev.kemas.oci.Digest;
import dev.kemas.registry.client.RegistryLogin;
import dev.kemas.session.client.Destination;
import dev.kemas.session.client.Offer;
import dev.kemas.session.client.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client offers and what the daemon makes of it, over a real connection. */
@Timeout(60)
class ServicesExchangeTest {
  @TempDir Path temp;

  @Test
  void secretsComeFromFilesAndVariablesAnew() throws Exception {
    Path file = Files.writeString(temp.resolve("token"), "first");
    Files.write(temp.resolve("large"), new byte[Secret.MOST + 1]);
    Offer offer =
        new Offer()
            .withSecrets(
                Map.of(
                    "file", Secret.file(file),
                    "variable", Secret.variable("TOKEN", Map.of("TOKEN", "value")),
                    "unset", Secret.variable("NONE", Map.of()),
                    "large", Secret.file(temp.resolve("large"))));
    try (Wire wire = new Wire(offer)) {
      ClientSecrets secrets = new ClientSecrets(wire.session());
      assertThat(secrets.find("file").orElseThrow()).asString(UTF_8).isEqualTo("first");
      Files.writeString(file, "second");
      assertThat(secrets.find("file").orElseThrow()).asString(UTF_8).isEqualTo("second");
      assertThat(secrets.find("variable").orElseThrow()).asString(UTF_8).isEqualTo("value");
      assertThat(secrets.find("unset")).isEmpty();
      assertThat(secrets.find("other")).isEmpty();
      assertThatThrownBy(() -> secrets.find("large"))
          .isInstanceOf(Fault.InvalidArgument.class)
          .hasMessageContaining("invalid secret size");
    }
    try (Wire wire = new Wire(new Offer())) {
      assertThat(new ClientSecrets(wire.session()).find("file")).isEmpty();
    }
  }

  @Test
  void loginsAreThoseOfTheClientWithDockerHubsUnderItsHost() throws Exception {
    Map<String, Offer.Login> known =
        Map.of(
            "registry-1.docker.io", new Offer.Login("me", "password"),
            "ghcr.io", new Offer.Login("", "token"));
    Offer offer = new Offer().withLogins(host -> Optional.ofNullable(known.get(host)));
    try (Wire wire = new Wire(offer)) {
      ClientLogins logins = new ClientLogins(wire.session());
      assertThat(logins.find("docker.io")).isEqualTo(RegistryLogin.of("me", "password"));
      assertThat(logins.find("ghcr.io").identityToken()).isEqualTo("token");
      assertThat(logins.find("quay.io").anonymous()).isTrue();
    }
  }

  @Test
  void anUploadIsReadOnceWhateverItsSize() throws Exception {
    byte[] archive = new byte[3_000_000];
    new Random(1).nextBytes(archive);
    Offer offer = new Offer().withUploads(Map.of("/one", new ByteArrayInputStream(archive)));
    try (Wire wire = new Wire(offer)) {
      ClientUpload upload = new ClientUpload(wire.session());
      URI address = URI.create("http://buildkit-session/one");
      try (InputStream in = upload.open(address)) {
        assertThat(in.readAllBytes()).isEqualTo(archive);
      }
      try (InputStream in = upload.open(address)) {
        assertThatThrownBy(in::read)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("it was taken");
      }
    }
  }

  /** A stream that remembers how it ended. */
  private static final class Remembered implements Destination.Stream, Destination.Taking {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final List<String> heard = new ArrayList<>();

    @Override
    public Destination.Taking begin(Map<String, String> about) {
      heard.add("begin " + about);
      return this;
    }

    @Override
    public OutputStream bytes() {
      return bytes;
    }

    @Override
    public void complete() {
      heard.add("complete");
    }

    @Override
    public synchronized void close() {
      heard.add("close");
      notifyAll();
    }

    synchronized void awaitClose() throws InterruptedException {
      while (!heard.contains("close")) {
        wait();
      }
    }
  }

  @Test
  void anArchiveIsCompleteOnlyWhenItsStreamIsClosed() throws Exception {
    byte[] archive = new byte[2_000_000];
    new Random(2).nextBytes(archive);
    Remembered whole = new Remembered();
    Remembered cut = new Remembered();
    try (Wire wire = new Wire(new Offer().withExports(Map.of(0, whole, 3, cut)))) {
      ClientExports exports = new ClientExports(wire.session());
      try (OutputStream out = exports.archive(Map.of("image.name", "x"), 0)) {
        out.write(archive);
      }
      assertThat(whole.heard).containsExactly("begin {image.name=x}", "complete", "close");
      assertThat(whole.bytes.toByteArray()).isEqualTo(archive);

      try (ClientExports.Archive out = exports.archive(Map.of(), 3)) {
        out.write(archive);
        out.flush();
        out.abandon("the build failed");
      }
      cut.awaitClose();
      assertThat(cut.heard).containsExactly("begin {}", "close");
      assertThatThrownBy(() -> exports.archive(Map.of(), 1).close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("exporter 1 not found");
    }
  }

  @Test
  void aFolderIsLaidBesideWhatIsThere() throws Exception {
    Path result = Files.createDirectories(temp.resolve("result/d"));
    Files.writeString(result.resolve("tool"), "binary");
    Files.setPosixFilePermissions(
        result.resolve("tool"), PosixFilePermissions.fromString("rwxr-x--x"));
    Files.createLink(result.resolve("same"), result.resolve("tool"));
    Files.createSymbolicLink(result.resolve("link"), Path.of("tool"));
    Files.setLastModifiedTime(result, FileTime.from(1234, TimeUnit.SECONDS));
    Path out = Files.createDirectories(temp.resolve("out/d"));
    Files.writeString(out.resolve("mine"), "stays");
    Files.writeString(out.resolve("tool"), "old");
    // a link in the client's folder must not carry the result elsewhere
    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    Path trap = Files.createDirectories(temp.resolve("result/trap"));
    Files.writeString(trap.resolve("file"), "x");
    Files.createSymbolicLink(temp.resolve("out/trap"), elsewhere);

    Offer offer = new Offer().withExports(Map.of(1, new Destination.Folder(temp.resolve("out"))));
    try (Wire wire = new Wire(offer);
        FolderSource source =
            new FolderSource(
                temp.resolve("result"), FolderSource.Selection.ALL, FolderSource.Owners.KEPT)) {
      new ClientExports(wire.session()).folder(source, 1);
    }
    assertThat(out.resolve("mine")).hasContent("stays");
    assertThat(out.resolve("tool")).hasContent("binary");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out.resolve("tool"))))
        .isEqualTo("rwxr-x--x");
    assertThat(Files.isSameFile(out.resolve("tool"), out.resolve("same"))).isTrue();
    assertThat(Files.readSymbolicLink(out.resolve("link"))).isEqualTo(Path.of("tool"));
    assertThat(Files.getLastModifiedTime(out)).isEqualTo(FileTime.from(1234, TimeUnit.SECONDS));
    assertThat(elsewhere).isEmptyDirectory();
    assertThat(temp.resolve("out/trap/file")).hasContent("x");
    try (var left = Files.walk(temp.resolve("out"))) {
      assertThat(left.map(String::valueOf)).noneMatch(path -> path.contains(".kemas-export"));
    }
  }

  /** An agent that answers each question with its type and a long text. */
  private static Thread agent(UnixSocket listener) {
    return Thread.ofVirtual()
        .start(() -> {
          while (true) {
            try (UnixSocket socket = listener.accept(Duration.ofSeconds(30))) {
              byte[] question = new byte[1000];
              while (socket.receive(question) > 0) {
                byte[] answer = new byte[4 + 100_000];
                answer[1] = 100_000 >> 16;
                answer[2] = (byte) (100_000 >> 8);
                answer[3] = (byte) 100_000;
                answer[4] = (byte) (question[4] + 1);
                socket.send(answer, 0, answer.length);
              }
            } catch (Fault e) {
              return;
            }
          }
        });
  }

  private static byte[] ask(UnixSocket socket, int type) {
    socket.send(new byte[] {0, 0, 0, 1, (byte) type}, 0, 5);
    byte[] head = read(socket, 5);
    int length = (head[1] & 0xFF) << 16 | (head[2] & 0xFF) << 8 | (head[3] & 0xFF);
    read(socket, length - 1);
    return Arrays.copyOf(head, 5);
  }

  private static byte[] read(UnixSocket socket, int length) {
    byte[] all = new byte[length];
    int at = 0;
    while (at < length) {
      byte[] part = new byte[length - at];
      int n = socket.receive(part);
      assertThat(n).isPositive();
      System.arraycopy(part, 0, all, at, n);
      at += n;
    }
    return all;
  }

  @Test
  void anAgentAnswersOnTheSocketAndOnlyWhatABuildMayAsk() throws Exception {
    Path agentPath = temp.resolve("agent");
    Path socketPath = temp.resolve("forwarded");
    try (UnixSocket listener = UnixSocket.listen(agentPath, UnixSocket.Kind.STREAM);
        Wire wire = new Wire(new Offer().withAgents(Map.of("default", agentPath)))) {
      agent(listener);
      ClientAgents agents = new ClientAgents(wire.session());
      assertThat(agents.forward("other", socketPath)).isEmpty();
      try (AgentSocket forwarded = agents.forward("default", socketPath).orElseThrow()) {
        assertThat(forwarded.path()).isEqualTo(socketPath);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socketPath)))
            .isEqualTo("rw-------");
        for (int i = 0; i < 2; i++) {
          try (UnixSocket program = UnixSocket.connect(socketPath, UnixSocket.Kind.STREAM)) {
            assertThat(ask(program, 11)[4]).isEqualTo((byte) 12);
            assertThat(ask(program, 13)[4]).isEqualTo((byte) 14);
            // SSH_AGENTC_REMOVE_ALL_IDENTITIES
            assertThat(ask(program, 19)[4]).isEqualTo((byte) 5);
            assertThat(ask(program, 11)[4]).isEqualTo((byte) 12);
          }
        }
      }
      assertThat(socketPath).doesNotExist();
    }
  }

  @Test
  void aProgramAtTheSocketHearsThatTheClientIsGone() throws Exception {
    Path agentPath = temp.resolve("agent");
    try (UnixSocket listener = UnixSocket.listen(agentPath, UnixSocket.Kind.STREAM);
        Wire wire = new Wire(new Offer().withAgents(Map.of("default", agentPath)))) {
      agent(listener);
      Path path = temp.resolve("forwarded");
      try (AgentSocket forwarded =
              new ClientAgents(wire.session()).forward("default", path).orElseThrow();
          UnixSocket program = UnixSocket.connect(path, UnixSocket.Kind.STREAM)) {
        ask(program, 11);
        wire.cut();
        assertThat(forwarded.path()).exists();
        assertThat(program.receive(new byte[1])).isNegative();
      }
    }
  }

  @Test
  void aSessionIsWaitedForUntilItComes() throws Exception {
    Sessions nobody = new Sessions();
    assertThatThrownBy(() -> nobody.await("x", Duration.ofMillis(20)))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining("no active session for x");
    try (Wire wire = new Wire(new Offer())) {
      assertThat(wire.sessions.await("id", Duration.ofSeconds(10))).isSameAs(wire.session());
      assertThatThrownBy(() -> new ClientUpload(wire.session()).open(URI.create("http://h/p")))
          .isInstanceOf(Fault.Unsupported.class)
          .hasMessageContaining("offers no moby.upload.v1.Upload/Pull");
    }
  }

  @Test
  void blobsOfAFolderAreReadAndAddedAsWhatTheyAre() throws Exception {
    byte[] bytes = new byte[(3 << 20) + 7];
    new Random(1).nextBytes(bytes);
    Digest blob = Digest.of(bytes);
    Digest other = Digest.of(new byte[1]);
    Offer offer = new Offer().withStores(Map.of("local:a", temp));
    try (Wire wire = new Wire(offer)) {
      ClientContent content = new ClientContent(wire.session(), "local:a");
      assertThat(content.size(blob)).isEmpty();
      content.put(blob, bytes.length, new ByteArrayInputStream(bytes));
      assertThat(content.size(blob)).hasValue(bytes.length);
      assertThat(temp.resolve("blobs/sha256/" + blob.hex())).hasBinaryContent(bytes);
      try (InputStream in = content.open(blob)) {
        assertThat(in.readAllBytes()).isEqualTo(bytes);
      }
      content.put(blob, bytes.length, InputStream.nullInputStream());
      assertThatThrownBy(() -> content.put(other, bytes.length, new ByteArrayInputStream(bytes)))
          .isInstanceOf(Fault.DataLoss.class);
      assertThat(content.size(other)).isEmpty();
      assertThatThrownBy(() -> content.open(other).readAllBytes()).isInstanceOf(IOException.class);
      ClientContent unknown = new ClientContent(wire.session(), "local:b");
      assertThat(unknown.size(blob)).isEmpty();
      try (var left = Files.list(temp.resolve("blobs/sha256"))) {
        assertThat(left).hasSize(1);
      }
    }
  }
}
