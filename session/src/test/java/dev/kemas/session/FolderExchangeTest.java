package dev.kemas.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.kemas.buildkit.wire.Files.Packet;
import dev.kemas.buildkit.wire.Files.Packet.PacketType;
import dev.kemas.buildkit.wire.Files.Stat;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.Handler;
import dev.kemas.grpc.Services;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileNames;
import dev.kemas.session.client.Offer;
import dev.kemas.synced.folder.FolderLimits;
import dev.kemas.synced.folder.SyncedFolder;
import dev.kemas.synced.folder.SyncedFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client's folder and the daemon's copy, over a real connection. */
@Timeout(60)
class FolderExchangeTest {
  private static final String METHOD = "/moby.filesync.v1.FileSync/DiffCopy";

  @TempDir Path temp;
  private Path context;
  private SyncedFolders folders;

  @BeforeEach
  void make() throws IOException {
    context = Files.createDirectories(temp.resolve("context"));
    folders =
        SyncedFolders.open(
            Files.createDirectories(temp.resolve("kept")), FolderLimits.DEFAULT, Clock.systemUTC());
    write("Dockerfile", "FROM scratch");
    write("src/a/one.txt", "1");
    write("src/a/two.md", "2");
    write("src/b.txt", "3");
    write("src-b.txt", "4");
    write("node_modules/x/y", "no");
    Files.createSymbolicLink(context.resolve("link"), Path.of("src/a"));
    Files.createSymbolicLink(context.resolve("absolute"), Path.of("/src/b.txt"));
    Files.createSymbolicLink(context.resolve("out"), Path.of("../../../etc/passwd"));
  }

  @AfterEach
  void close() {
    folders.close();
  }

  private void write(String path, String content) throws IOException {
    Path file = context.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static Map<String, String> tree(Path root) throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path path : walk.filter(p -> !p.equals(root)).toList()) {
        String name = root.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
          all.put(name, "-> " + Files.readSymbolicLink(path));
        } else if (Files.isDirectory(path)) {
          all.put(name, "directory " + Files.getLastModifiedTime(path));
        } else {
          all.put(name, Files.readString(path) + " " + Files.getLastModifiedTime(path));
        }
      }
    }
    return all;
  }

  private SyncedFolder sync(FileRequest request) throws Exception {
    try (Wire wire = new Wire(new Offer().withFolders(Map.of("context", context)))) {
      return new ClientFiles(wire.session()).sync(folders, request, "");
    }
  }

  @Test
  void theCopyIsTheFolderAndOnlyWhatChangedTravels() throws Exception {
    try (SyncedFolder copy = sync(FileRequest.all("context"))) {
      assertThat(tree(copy.root())).isEqualTo(tree(context));
      assertThat(copy.received().files()).isEqualTo(6);
    }
    try (SyncedFolder copy = sync(FileRequest.all("context"))) {
      assertThat(copy.received().files()).isZero();
    }
    write("src/b.txt", "other");
    Files.delete(context.resolve("src-b.txt"));
    try (SyncedFolder copy = sync(FileRequest.all("context"))) {
      assertThat(copy.received().files()).isEqualTo(1);
      assertThat(tree(copy.root())).isEqualTo(tree(context));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "          | node_modules        |              | Dockerfile absolute link out src src-b.txt src/a src/a/one.txt src/a/two.md src/b.txt",
        "          | * !src/a/*.md       |              | src src/a src/a/two.md",
        "          | ** !Dockerfile      |              | Dockerfile",
        "          | src !src/b.txt node_modules | | Dockerfile absolute link out src src-b.txt src/b.txt",
        "src/a     |                     |              | src src/a src/a/one.txt src/a/two.md",
        "src/*.txt |                     |              | src src/b.txt",
        "**/*.md   |                     |              | src src/a src/a/two.md",
        "src/a     | **/*.txt            |              | src src/a src/a/two.md",
        "          |                     | link         | link src src/a src/a/one.txt src/a/two.md",
        "          |                     | absolute     | absolute src src/b.txt",
        "          |                     | out          | out",
        "          |                     | link/two.md  | link src src/a src/a/two.md",
        "          |                     | l*/one.txt   | link src src/a src/a/one.txt",
        "          |                     | missing      | ",
        "          | * !src              | .            | src src/a src/a/one.txt src/a/two.md src/b.txt",
      })
  void patternsChooseAsBuildKitsClientsDo(
      String include, String exclude, String follow, String chosen) throws Exception {
    FileRequest request = new FileRequest("context", words(include), words(exclude), words(follow));
    try (SyncedFolder copy = sync(request)) {
      assertThat(tree(copy.root()).keySet()).containsExactlyElementsOf(words(chosen));
    }
  }

  private static List<String> words(String text) {
    return text == null || text.isBlank() ? List.of() : List.of(text.strip().split(" +"));
  }

  @Test
  void namesInAnyLetterTravelAlsoInPatterns() throws Exception {
    write("\u00fcml\u00e4ut & 100%/\u65e5\u672c.txt", "x");
    write("new\nline", "y");
    byte[] notText = {'n', (byte) 0xFF, (byte) 0x80};
    try (Directory folder = Directory.open(context)) {
      folder.create(FileNames.decode(notText), 0644).close();
    }
    FileRequest some =
        new FileRequest(
            "context", List.of("\u00fcml\u00e4ut & 100%"), List.of(), List.of("new\nline"));
    try (SyncedFolder copy = sync(FileRequest.all("context"));
        Directory root = Directory.open(copy.root())) {
      assertThat(root.list())
          .extracting(Directory.Entry::name)
          .contains("new\nline", "\u00fcml\u00e4ut & 100%", FileNames.decode(notText));
    }
    try (SyncedFolder copy = sync(some)) {
      assertThat(copy.received().entries()).isEqualTo(3);
    }
  }

  @Test
  void hardLinksStayOne() throws Exception {
    Files.createLink(context.resolve("zz"), context.resolve("src/b.txt"));
    try (SyncedFolder copy = sync(FileRequest.all("context"))) {
      assertThat(Files.isSameFile(copy.root().resolve("zz"), copy.root().resolve("src/b.txt")))
          .isTrue();
    }
    // its first name is left out
    FileRequest part = new FileRequest("context", List.of(), List.of("src"), List.of());
    try (SyncedFolder copy = sync(part)) {
      assertThat(copy.root().resolve("zz")).hasContent("3");
    }
  }

  @Test
  void oneSmallFileComesThroughItsLinks() throws Exception {
    Files.createSymbolicLink(context.resolve("Other"), Path.of("/link/one.txt"));
    Files.createSymbolicLink(context.resolve("loop"), Path.of("loop"));
    try (Wire wire = new Wire(new Offer().withFolders(Map.of("context", context)))) {
      ClientFiles files = new ClientFiles(wire.session());
      assertThat(files.small("context", "Dockerfile").orElseThrow())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("FROM scratch");
      assertThat(files.small("context", "Other").orElseThrow())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("1");
      assertThat(files.small("context", "missing")).isEmpty();
      assertThat(files.small("context", "src")).isEmpty();
      assertThat(files.small("context", "out")).isEmpty();
      assertThatThrownBy(() -> files.small("context", "loop"))
          .hasMessageContaining("too many symbolic links");
      assertThatThrownBy(() -> files.small("dockerfile", "Dockerfile"))
          .isInstanceOf(Fault.NotFound.class)
          .hasMessageContaining("no access allowed to dir \"dockerfile\"");
    }
  }

  private static Packet stat(String path, int mode, long size) {
    return Packet.newBuilder()
        .setType(PacketType.PACKET_STAT)
        .setStat(
            Stat.newBuilder()
                .setPath(ByteString.copyFromUtf8(path))
                .setMode(mode)
                .setSize(size)
                .setModTime(5))
        .build();
  }

  private static Packet of(PacketType type, int id, String data) {
    return Packet.newBuilder()
        .setType(type)
        .setId(id)
        .setData(ByteString.copyFromUtf8(data))
        .build();
  }

  /** Receives from a client that does as told. */
  private SyncedFolder from(Handler client) throws Exception {
    try (Wire wire = new Wire(new Services().on(METHOD, client), List.of(METHOD), "hostile")) {
      return new ClientFiles(wire.session()).sync(folders, FileRequest.all("context"), "");
    }
  }

  @Test
  void aClientThatCannotSendIsQuoted() {
    assertThatThrownBy(
            () -> from(call -> call.send(of(PacketType.PACKET_ERR, 0, "open x: denied"))))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("open x: denied");
  }

  @Test
  void aClientThatStopsInTheMiddleOfAFileIsAnError() throws Exception {
    assertThatThrownBy(() ->
            from(call -> {
              call.send(stat("f", 0644, 10));
              call.send(Packet.getDefaultInstance());
              assertThat(call.receiveOne(Packet.parser()).getType())
                  .isEqualTo(PacketType.PACKET_REQ);
              call.send(of(PacketType.PACKET_DATA, 0, "12345"));
            }))
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessageContaining("before all were here");
    try (SyncedFolder whole =
        from(call -> {
          call.send(stat("f", 0644, 10));
          call.send(Packet.getDefaultInstance());
          call.receiveOne(Packet.parser());
          call.send(of(PacketType.PACKET_DATA, 0, "1234567890"));
          call.send(of(PacketType.PACKET_DATA, 0, ""));
          assertThat(call.receiveOne(Packet.parser()).getType()).isEqualTo(PacketType.PACKET_FIN);
          call.send(of(PacketType.PACKET_FIN, 0, ""));
        })) {
      assertThat(whole.root().resolve("f")).hasContent("1234567890");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "../x, 420, refused at",
    "/x, 420, refused at",
    "dev, 67109302, is a device",
  })
  void aHostileListingIsRefused(String path, int mode, String why) {
    assertThatThrownBy(() ->
            from(call -> {
              call.send(stat(path, mode, 1));
              call.receive(Packet.parser());
            }))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining(why);
  }

  @Test
  void whatWasNotAskedForAndAFalseEndAreRefused() {
    assertThatThrownBy(() -> from(call -> call.send(of(PacketType.PACKET_DATA, 7, "x"))))
        .hasMessageContaining("not asked for");
    assertThatThrownBy(() ->
            from(call -> {
              call.send(stat("f", 0644, 10));
              call.send(of(PacketType.PACKET_FIN, 0, ""));
              call.receive(Packet.parser());
            }))
        .isInstanceOf(Fault.DataLoss.class);
    assertThatThrownBy(() -> from(call -> call.send(of(PacketType.PACKET_REQ, 0, ""))))
        .isInstanceOf(Fault.DataLoss.class);
  }

  @Test
  void whoeverReceivesHearsThatTheClientIsGone() throws Exception {
    CountDownLatch listed = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Services stuck =
        new Services()
            .on(
                METHOD,
                call -> {
                  call.send(stat("f", 0644, 10));
                  listed.countDown();
                  call.whenCut(never::countDown);
                  never.await();
                });
    try (Wire wire = new Wire(stuck, List.of(METHOD), "stuck")) {
      Thread cutter =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  listed.await();
                  wire.cut();
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      ClientFiles files = new ClientFiles(wire.session());
      assertThatThrownBy(() -> files.sync(folders, FileRequest.all("context"), ""))
          .isInstanceOf(Fault.Unavailable.class);
      cutter.join();
      CountDownLatch gone = new CountDownLatch(1);
      wire.session().whenGone(gone::countDown);
      assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(wire.session().isGone()).isTrue();
      assertThat(wire.sessions.find("id")).isEmpty();
    }
  }
}
