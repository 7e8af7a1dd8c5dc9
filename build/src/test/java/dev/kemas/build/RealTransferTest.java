package dev.kemas.build;

import static dev.kemas.git.server.GitServer.git;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.git.server.GitServer;
import dev.kemas.image.Image;
import dev.kemas.image.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** COPY and ADD with all they can take, on real stores and mounts. */
@Timeout(120)
class RealTransferTest {
  @TempDir Path temp;
  private RealEngine engine;
  private Path context;
  private Image busybox;
  private final List<BuildEvent> events = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() throws Exception {
    engine = new RealEngine(temp);
    busybox = engine.importBusybox(temp);
    context = Files.createDirectories(temp.resolve("context"));
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(engine.unfinished()).isEmpty();
    assertThat(engine.data.resolve("build/scratch")).isEmptyDirectory();
    engine.close();
  }

  private void file(String path, String content) throws IOException {
    Path file = context.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private Image build(String dockerfile) throws IOException {
    return build(dockerfile, BuildRequest.of(context));
  }

  private Image build(String dockerfile, BuildRequest request) throws IOException {
    file("Dockerfile", dockerfile);
    return run(request);
  }

  private Image run(BuildRequest request) {
    events.clear();
    return engine
        .images
        .images()
        .find(engine.builder.build(request, new ClassicOrder(events::add), new Cancellation()).id())
        .orElseThrow();
  }

  private long executed() {
    return events.stream().filter(BuildEvent.StepCached.class::isInstance).count();
  }

  private List<Layer> own(Image image) {
    return image.layers().subList(busybox.layers().size(), image.layers().size());
  }

  private List<String> names(Image image) throws IOException {
    List<String> names = new ArrayList<>();
    for (Layer layer : own(image)) {
      names.addAll(engine.contents(layer));
    }
    return names;
  }

  private GitServer repository() throws IOException, InterruptedException {
    Path work = Files.createDirectories(temp.resolve("work"));
    git(work, "init", "-q", "-b", "main");
    Files.createDirectories(work.resolve("src"));
    Files.writeString(work.resolve("src/a.txt"), "one");
    Files.writeString(work.resolve("Dockerfile"), "FROM busybox\nCOPY src/a.txt /from-git\n");
    git(work, "add", "-A");
    git(work, "commit", "-q", "-m", "first");
    git(temp, "clone", "-q", "--bare", "work", "served/a.git");
    return new GitServer(temp.resolve("served"));
  }

  @Test
  void addTakesARepository() throws Exception {
    try (GitServer server = repository()) {
      String at = server.address() + "/a.git";
      String plain = "FROM busybox\nADD --chown=5:6 %s#main /r\n".formatted(at);
      Image image = build(plain);
      assertThat(names(image)).containsExactly("r/", "r/Dockerfile", "r/src/", "r/src/a.txt");
      assertThat(names(build("FROM busybox\nADD %s#main:src /s/\n".formatted(at))))
          .containsExactly("s/", "s/a.txt");
      assertThat(names(build("FROM busybox\nADD --keep-git-dir=true %s /k\n".formatted(at))))
          .contains("k/.git/", "k/.git/HEAD", "k/src/a.txt");
      assertThat(build(plain).id()).isEqualTo(image.id());

      Path work = temp.resolve("work");
      Files.writeString(work.resolve("src/a.txt"), "two");
      git(work, "commit", "-q", "-a", "-m", "second");
      git(work, "push", "-q", temp.resolve("served/a.git").toString(), "main");
      assertThat(build(plain).id()).isNotEqualTo(image.id());
      String commit = git(work, "rev-parse", "HEAD");
      assertThatThrownBy(() ->
              build("FROM busybox\nADD --checksum=%s %s#main /r\n".formatted("0".repeat(40), at)))
          .isInstanceOf(Fault.class)
          .hasMessageContaining(commit);
    }
  }

  @Test
  void aRepositoryIsAContext() throws Exception {
    try (GitServer server = repository();
        RemoteContexts remotes =
            engine.builder.remoteContexts(BuildRequest.Access.NONE, new Cancellation())) {
      Context repository =
          remotes.find(server.address() + "/a.git#main", RemoteContexts.Form.FURTHER).orElseThrow();
      assertThat(names(run(BuildRequest.of(repository)))).containsExactly("from-git");
    }
  }

  @Test
  void aLinkedCopyIsKnownAboveAnyFileSystem() throws IOException {
    file("a/b.txt", "hello");
    String linked = "COPY --link a /etc/a/\n";
    Image first = build("FROM busybox\nRUN echo 1 > /one\n" + linked + "RUN cat /etc/a/b.txt\n");
    Image second =
        build("FROM busybox\nRUN echo 2 > /two\n" + linked + "RUN cat /etc/a/b.txt /etc/passwd\n");
    Image alone = build("FROM scratch\n" + linked);

    assertThat(own(second).get(1).diffId()).isEqualTo(own(first).get(1).diffId());
    assertThat(alone.layers().getFirst().diffId()).isEqualTo(own(first).get(1).diffId());
    assertThat(executed()).isEqualTo(1);
    assertThat(engine.contents(own(first).get(1))).containsExactly("etc/", "etc/a/", "etc/a/b.txt");
    assertThat(build("FROM busybox\nRUN echo 2 > /two\n" + linked).layers())
        .isEqualTo(second.layers().subList(0, 3));
  }

  @Test
  void nothingIsYoungerThanTheEpoch() throws Exception {
    Instant epoch = Instant.parse("2010-01-01T00:00:00Z");
    BuildRequest request = BuildRequest.of(context).withEpoch(Optional.of(epoch));
    file("new.txt", "new");
    file("old.txt", "old");
    Files.setLastModifiedTime(
        context.resolve("old.txt"),
        java.nio.file.attribute.FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
    String dockerfile =
        """
        FROM busybox
        WORKDIR /w
        COPY new.txt old.txt ./
        COPY <<EOF /w/here.txt
        text
        EOF
        RUN mkdir /made && echo x > /made/f && touch /etc/passwd
        """;
    Image image = build(dockerfile, request);
    List<String> times = new ArrayList<>();
    for (Layer layer : own(image)) {
      Path tar = Files.createTempFile(temp, "layer", ".tar");
      try (var in = engine.blobs.open(layer.blob().digest()).stream()) {
        Files.write(tar, in.readAllBytes());
      }
      Process list =
          new ProcessBuilder("tar", "--utc", "--full-time", "-tvf", tar.toString()).start();
      times.addAll(new String(list.getInputStream().readAllBytes()).lines().toList());
    }

    assertThat(times).hasSizeGreaterThan(8);
    assertThat(times)
        .allSatisfy(line -> assertThat(line).containsPattern(" (2010-01-01|2001-01-01) 00:00:00 "));
    engine.cache.forget(engine.cache.known().stream().map(known -> known.key().hex()).toList());
    Files.setLastModifiedTime(
        context.resolve("new.txt"), java.nio.file.attribute.FileTime.from(Instant.now()));
    assertThat(build(dockerfile, request).id()).isEqualTo(image.id());
  }

  @Test
  void parentsAreKeptFromThePivotOn() throws IOException {
    file("x/y/z/a.txt", "1");
    file("x/q/b.txt", "2");

    assertThat(
            names(
                build(
                    "# syntax=docker/dockerfile:1\nFROM busybox\n"
                        + "COPY --parents x/./y/z/a.txt ./x/q/b.txt /d/\n")))
        .contains("d/y/z/a.txt", "d/x/q/b.txt");
  }
}
