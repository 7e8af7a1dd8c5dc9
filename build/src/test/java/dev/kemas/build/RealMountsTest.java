package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.image.Image;
import dev.kemas.image.Layer;
import dev.kemas.linux.UnixSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code RUN --mount} and what else a RUN may ask for, on real mounts and containers. */
@Timeout(120)
class RealMountsTest {
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
    assertThat(engine.host.networks.sandboxes()).isEmpty();
    assertThat(engine.data.resolve("build/runs")).isEmptyDirectory();
    engine.close();
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(temp.toString());
  }

  private void file(String path, String content) throws IOException {
    Path file = context.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private BuildRequest request() {
    return BuildRequest.of(context);
  }

  private Image build(String dockerfile) throws IOException {
    return build(dockerfile, request());
  }

  private Image build(String dockerfile, BuildRequest request) throws IOException {
    file("Dockerfile", dockerfile);
    events.clear();
    engine.mounted.set(0);
    return engine
        .images
        .images()
        .find(engine.builder.build(request, new ClassicOrder(events::add), new Cancellation()).id())
        .orElseThrow();
  }

  private String output() {
    StringBuilder out = new StringBuilder();
    for (BuildEvent event : List.copyOf(events)) {
      if (event instanceof BuildEvent.StepOutput step) {
        out.append(step.text());
      }
    }
    return out.toString();
  }

  private List<String> layers(Image image) throws IOException {
    List<String> names = new ArrayList<>();
    for (Layer layer : image.layers().subList(busybox.layers().size(), image.layers().size())) {
      names.addAll(engine.contents(layer));
    }
    return names;
  }

  @Test
  void theContextIsLentReadOnlyAndLeavesNoTrace() throws IOException {
    file("in/a.txt", "hello");
    file("in/.env", "hidden");
    String dockerfile =
        """
        FROM busybox
        RUN --mount=type=bind,target=/src/deep ls /src/deep/in; cat /src/deep/in/a.txt > /out
        RUN --mount=type=bind,source=in/a.txt,target=/etc/one.txt cat /etc/one.txt; \\
            echo x > /etc/one.txt || echo refused
        """;
    Image image = build(dockerfile);

    assertThat(output()).contains("a.txt\n").contains("hello").contains("refused\n");
    assertThat(layers(image)).containsExactly("out");
    file("other.txt", "unrelated");
    assertThat(engine.images.images().find(build(dockerfile).id())).isPresent();
    file("in/a.txt", "other");
    assertThat(build(dockerfile).id()).isNotEqualTo(image.id());
  }

  @Test
  void whatTheIgnoreRulesLeaveOutIsNotLent() throws IOException {
    file("in/a.txt", "hello");
    file("in/.env", "hidden");
    file(".dockerignore", "**/.env\n");

    build("FROM busybox\nRUN --mount=type=bind,source=in,target=/src ls -a /src; cat /src/a.txt\n");

    assertThat(output()).contains("hello").doesNotContain(".env");
  }

  @Test
  void whatIsWrittenIntoALentFolderIsDropped() throws IOException {
    file("in/a.txt", "hello");
    Image image =
        build(
            """
            FROM busybox AS one
            RUN mkdir /d && echo kept > /d/f
            FROM busybox
            RUN --mount=type=bind,source=in,target=/src,rw echo more > /src/a.txt; cat /src/a.txt
            RUN --mount=type=bind,from=one,source=/d,target=/d,rw echo x >> /d/f; cat /d/f
            RUN --mount=type=bind,from=one,source=/d,target=/d cat /d/f; (echo y > /d/f) 2> /dev/null || echo no
            """);

    assertThat(output()).isEqualTo("more\nkept\nx\nkept\nno\n");
    assertThat(layers(image)).isEmpty();
    assertThat(context.resolve("in/a.txt")).hasContent("hello");
  }

  @Test
  void linksOfAHostileSourceLeadNowhere() throws IOException {
    Path outside = Files.writeString(temp.resolve("outside.txt"), "of the host");
    Files.createSymbolicLink(context.resolve("out"), outside);
    Files.createSymbolicLink(context.resolve("up"), Path.of("../outside.txt"));
    Files.createSymbolicLink(context.resolve("root"), Path.of("/"));
    file("etc/passwd", "of the context");
    for (String link : List.of("out", "up")) {
      assertThatThrownBy(() ->
              build(
                  "FROM busybox\nRUN --mount=type=bind,source=%s,target=/x cat /x\n"
                      .formatted(link)))
          .isInstanceOf(Fault.InvalidArgument.class)
          .hasMessageContaining(link);
    }
    build("FROM busybox\nRUN --mount=type=bind,source=root/etc/passwd,target=/x cat /x\n");
    assertThat(output()).contains("of the context");
  }

  @Test
  void aPartOfAStageCountsByItsContent() throws IOException {
    String dockerfile =
        """
        FROM busybox AS one
        RUN mkdir /d && echo kept > /d/f && echo %s > /other
        FROM busybox
        RUN --mount=from=one,source=/d/f,target=/f cat /f > /out
        """;
    Image first = build(dockerfile.formatted("1"));
    Image second = build(dockerfile.formatted("2"));
    assertThat(second.layers()).isEqualTo(first.layers());
    assertThat(output()).isEmpty();
  }

  @Test
  void aCacheLastsFromBuildToBuild() throws IOException {
    String dockerfile =
        "FROM busybox\nRUN --mount=type=cache,target=/c,uid=7,gid=8,mode=0711 echo %s >> /c/log;"
            + " cat /c/log; ls -ldn /c\n";
    Image image = build(dockerfile.formatted("one"));
    assertThat(output()).contains("one\n").containsPattern("drwx--x--x .* 7 +8 ");
    build(dockerfile.formatted("two"));
    assertThat(output()).contains("one\ntwo\n");
    assertThat(layers(image)).isEmpty();
    CacheMounts caches = engine.caches();
    CacheMounts.Usage usage = caches.list().getFirst();
    assertThat(usage.id()).isEqualTo("/c");
    assertThat(usage.uses()).isEqualTo(2);
    assertThat(usage.bytes()).isPositive();
    assertThat(usage.inUse()).isFalse();
    assertThat(caches.remove(all -> true)).hasSize(1);
    build(dockerfile.formatted("three"));
    assertThat(output()).doesNotContain("one\n");
  }

  @Test
  void aCacheBeginsWithWhatItIsFrom() throws IOException {
    build(
        """
        FROM busybox AS seed
        RUN mkdir /s && echo seeded > /s/f
        FROM busybox
        RUN --mount=type=cache,id=x,target=/c,from=seed,source=/s cat /c/f; echo more > /c/f
        RUN --mount=type=cache,id=x,target=/c,from=seed,source=/s,ro cat /c/f; echo z > /c/f || true
        """);

    assertThat(output()).contains("seeded\n").contains("more\n");
  }

  @Test
  void aLockedCacheHasOneAtATime() throws Exception {
    String step =
        "RUN --mount=type=cache,id=l,target=/c,sharing=locked test ! -e /c/busy; touch /c/busy;"
            + " test $(ls /c | wc -l) = 1; sleep 0.3; rm /c/busy; echo %s\n";
    file(
        "Dockerfile",
        "FROM busybox AS a\n"
            + step.formatted("a")
            + "FROM busybox AS b\n"
            + step.formatted("b")
            + "FROM scratch\nCOPY --from=a /etc /a\nCOPY --from=b /etc /b\n");

    engine.builder.build(request(), events::add, new Cancellation());

    assertThat(output()).contains("a\n").contains("b\n");
  }

  @Test
  void aPrivateCacheIsNotWaitedFor() throws IOException {
    String step =
        "RUN --mount=type=cache,id=own,target=/c,sharing=private --mount=type=cache,id=all,target=/q"
            + " touch /q/%s; while test ! -e /q/%s; do sleep 0.05; done; ls /c\n";
    build(
        "FROM busybox AS a\n"
            + step.formatted("a", "b")
            + "FROM busybox AS b\n"
            + step.formatted("b", "a")
            + "FROM scratch\nCOPY --from=a /etc /a\nCOPY --from=b /etc /b\n");

    assertThat(engine.caches().list())
        .extracting(CacheMounts.Usage::id)
        .containsExactlyInAnyOrder("own", "own", "all");
  }

  @Test
  void aSecretIsAFileInMemoryAndNowhereElse() throws IOException {
    String secret = "s3cr3t-" + System.nanoTime();
    BuildRequest request =
        request()
            .withAccess(
                new BuildRequest.Access(
                    host -> dev.kemas.registry.client.RegistryLogin.ANONYMOUS,
                    id ->
                        id.equals("key")
                            ? Optional.of(secret.getBytes(StandardCharsets.UTF_8))
                            : Optional.empty(),
                    SshAgents.NONE));
    List<String> onDisk = Collections.synchronizedList(new ArrayList<>());
    file(
        "Dockerfile",
        """
        FROM busybox
        RUN --mount=type=secret,id=key,mode=0440,uid=5,gid=6 ls -ln /run/secrets/key; \\
            wc -c < /run/secrets/key
        RUN --mount=type=secret,id=key,target=/root/deep/k,env=KEY \\
            test "$KEY" = "$(cat /root/deep/k)" && echo same; echo look; sleep 0.5
        RUN --mount=type=secret,id=none test ! -e /run/secrets/none && echo absent
        """);
    Image image =
        engine
            .images
            .images()
            .find(
                engine
                    .builder
                    .build(
                        request,
                        event -> {
                          events.add(event);
                          if (event instanceof BuildEvent.StepOutput o
                              && o.text().contains("look")) {
                            onDisk.addAll(filesWith(secret));
                          }
                        },
                        new Cancellation())
                    .id())
            .orElseThrow();

    assertThat(output())
        .containsPattern("-r--r----- .* 5 +6 ")
        .contains(secret.length() + "\n")
        .contains("same\n")
        .contains("absent\n");
    assertThat(layers(image)).isEmpty();
    assertThat(onDisk).isEmpty();
    assertThat(filesWith(secret)).isEmpty();
  }

  /** Files of the data root that hold the text; what lies in memory is not of a disk. */
  private List<String> filesWith(String text) {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(engine.data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        boolean inMemory =
            Files.getFileStore(file).type().equals("tmpfs")
                && !Files.getFileStore(engine.data).type().equals("tmpfs");
        if (!inMemory
            && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
          found.add(file.toString());
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return found;
  }

  @Test
  void aMissingSecretFailsTheRunThatRequiresIt() {
    assertThatThrownBy(
            () -> build("FROM busybox\nRUN --mount=type=secret,id=key,required=true true\n"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("secret key: not found")
        .hasMessageContaining("Dockerfile:2");
    assertThatThrownBy(() -> build("FROM busybox\nRUN --mount=type=ssh,required=true true\n"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("--ssh default");
  }

  @Test
  void theValueOfASecretIsNotInTheKey() throws IOException {
    String dockerfile = "FROM busybox\nRUN --mount=type=secret,id=key cat /run/secrets/key\n";
    build(dockerfile, withSecret("one"));
    assertThat(output()).isEqualTo("one");
    build(dockerfile, withSecret("two"));
    assertThat(output()).isEmpty();
  }

  private BuildRequest withSecret(String value) {
    return request()
        .withAccess(
            new BuildRequest.Access(
                BuildRequest.Access.NONE.logins(),
                id -> Optional.of(value.getBytes(StandardCharsets.UTF_8)),
                SshAgents.NONE));
  }

  @Test
  void anAgentAnswersOnASocket() throws IOException {
    List<String> asked = new ArrayList<>();
    SshAgents agents =
        (id, socket) -> {
          asked.add(id);
          UnixSocket listening = UnixSocket.listen(socket, UnixSocket.Kind.STREAM);
          return Optional.of(() -> {
            listening.close();
            socket.toFile().delete();
          });
        };
    BuildRequest request =
        request()
            .withAccess(
                new BuildRequest.Access(BuildRequest.Access.NONE.logins(), Secrets.NONE, agents));

    Image image =
        build(
            "FROM busybox\nRUN --mount=type=ssh,uid=3,mode=0620 echo $SSH_AUTH_SOCK;"
                + " ls -ln $SSH_AUTH_SOCK; test -S $SSH_AUTH_SOCK && echo socket\n",
            request);

    assertThat(asked).containsExactly("default");
    assertThat(output())
        .contains("/run/buildkit/ssh_agent.0\n")
        .containsPattern("srw--w---- .* 3 +0 ")
        .contains("socket\n");
    assertThat(layers(image)).isEmpty();
  }

  @Test
  void memoryHasASize() throws IOException {
    Image image =
        build(
            "FROM busybox\nRUN --mount=type=tmpfs,target=/t,size=1m"
                + " head -c 3000000 /dev/zero > /t/f || echo full; test -e /t/f && echo there\n");

    assertThat(output()).contains("full\n").contains("there\n");
    assertThat(layers(image)).isEmpty();
  }

  @Test
  void theHostsNetworkAndPrivilegesAreOnlyForWhoIsAllowed() throws IOException {
    String network = "FROM busybox\nRUN --network=host ls /sys/class/net\n";
    String insecure = "FROM busybox\nRUN --security=insecure ls /dev/kmsg\n";
    assertThatThrownBy(() -> build(network))
        .isInstanceOf(Fault.Forbidden.class)
        .hasMessageContaining("network.host is not allowed");
    assertThatThrownBy(() -> build(insecure))
        .isInstanceOf(Fault.Forbidden.class)
        .hasMessageContaining("security.insecure is not allowed");
    assertThatThrownBy(() -> build("FROM busybox\nRUN --device=vendor.com/gpu=0 true\n"))
        .isInstanceOf(Fault.Forbidden.class);

    BuildRequest.Steps steps = request().steps();
    BuildRequest allowed =
        request()
            .withSteps(
                new BuildRequest.Steps(
                    steps.network(),
                    steps.extraHosts(),
                    steps.resources(),
                    steps.shmSize(),
                    Set.of(BuildRequest.Entitlement.values())));
    build(insecure, allowed);
    assertThat(output()).contains("/dev/kmsg");
    assertThatThrownBy(
            () -> build("FROM busybox\nRUN --device=vendor.com/gpu=0,required true\n", allowed))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("vendor.com/gpu=0");
  }

  @Test
  void aFailedRunCanBeLookedAtBeforeItIsDropped() {
    StringBuilder seen = new StringBuilder();
    BuildRequest request =
        request()
            .withOnFailure(step -> {
              int code =
                  step.rerun()
                      .run(
                          List.of("/bin/sh", "-c", "cat /made /t/kept; exit 5"),
                          (stderr, bytes, offset, length) ->
                              seen.append(
                                  new String(bytes, offset, length, StandardCharsets.UTF_8)),
                          new Cancellation());
              seen.append(step.code()).append(' ').append(code);
            });

    assertThatThrownBy(() ->
            build(
                "FROM busybox\nRUN --mount=type=cache,target=/t echo there > /made;"
                    + " echo lent > /t/kept; exit 3\n",
                request))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("non-zero code: 3");
    assertThat(seen.toString()).isEqualTo("there\nlent\n3 5");
  }

  @Test
  void aRunSeesNeitherTheHostNorAnotherBuildsSecrets() throws Exception {
    CountDownLatch holds = new CountDownLatch(1);
    CountDownLatch looked = new CountDownLatch(1);
    Path other = Files.createDirectories(temp.resolve("other"));
    Files.writeString(
        other.resolve("Dockerfile"),
        "FROM busybox\nRUN --mount=type=secret,id=key echo holding; sleep 1; true\n");
    CompletableFuture<Void> first =
        CompletableFuture.runAsync(() ->
            engine.builder.build(
                BuildRequest.of(other).withAccess(withSecret("of the other").access()),
                event -> {
                  if (event instanceof BuildEvent.StepOutput) {
                    holds.countDown();
                    await(looked);
                  }
                },
                new Cancellation()));
    holds.await();
    build(
        """
        FROM busybox
        RUN ls /run/secrets 2>/dev/null; ls -d /proc/[0-9]* | wc -l; ls /sys/class/net; \\
            test ! -e %s && test ! -e /var/run/docker.sock && test ! -e /run/kemas.sock && echo clean; \\
            cat /proc/self/mountinfo
        """
            .formatted(engine.data));
    looked.countDown();
    first.join();

    assertThat(output())
        .contains("clean\n")
        .doesNotContain("of the other")
        .doesNotContain("secrets");
    assertThat(output().lines().findFirst().orElseThrow()).matches("[1-6]");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
