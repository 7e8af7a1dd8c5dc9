package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.image.Attestation;
import dev.kemas.image.Image;
import dev.kemas.image.ImageFilter;
import dev.kemas.image.ImageIndex;
import dev.kemas.image.Layer;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole builds with busybox on real stores, mounts, containers and networks. */
@Timeout(120)
class RealBuildTest {
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
    engine.close();
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(temp.toString());
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
    events.clear();
    engine.mounted.set(0);
    Digest id =
        engine.builder.build(request, new ClassicOrder(events::add), new Cancellation()).id();
    return engine.images.images().find(id).orElseThrow();
  }

  private String text() {
    StringBuilder out = new StringBuilder();
    events.forEach(event -> ClassicText.of(event).ifPresent(out::append));
    return out.toString();
  }

  private List<Layer> own(Image image) {
    return image.layers().subList(busybox.layers().size(), image.layers().size());
  }

  @Test
  void aBuildMakesTheLayersOfWhatItsStepsChangedAndNothingElse() throws IOException {
    file("in/a.txt", "hello");
    Image image =
        build(
            """
            FROM busybox
            WORKDIR /app
            COPY in/ ./in/
            RUN cat in/a.txt > out && echo to-stdout && echo to-stderr >&2
            RUN true
            RUN rm /etc/group
            USER user
            CMD ["cat", "out"]
            """,
            BuildRequest.of(context).withTags(List.of(Reference.parse("made:1"))));
    assertThat(text()).contains("to-stdout\n", "to-stderr\n", "Successfully tagged made:1\n");
    List<Layer> layers = own(image);
    assertThat(layers).hasSize(4);
    assertThat(engine.contents(layers.get(0))).containsExactly("app/");
    assertThat(engine.contents(layers.get(1))).containsExactly("app/", "app/in/", "app/in/a.txt");
    assertThat(engine.contents(layers.get(2))).containsExactly("app/", "app/out");
    assertThat(engine.contents(layers.get(3))).containsExactly("etc/", "etc/.wh.group");
    assertThat(image.config().defaults().user()).contains("user");
    assertThat(image.config().history()).hasSize(busybox.config().history().size() + 7);
    assertThat(engine.images.images().get("made:1").id()).isEqualTo(image.id());
  }

  @Test
  void whatAStepLeavesIsFoundInItsLayerAlsoWhenALaterOneRemovesItAndAllIsCached()
      throws IOException {
    String dockerfile =
        """
        FROM busybox
        RUN mkdir /m && dd if=/dev/zero of=/m/w.pt bs=1M count=12
        RUN rm -rf /m
        """;
    for (int i = 0; i < 2; i++) {
      build(dockerfile);
      assertThat(text())
          .contains(
              "ModelWeightsInImage: this step leaves 13 MB of model weights in the image:"
                  + " /m/w.pt (13 MB, PyTorch weights)",
              "[Dockerfile:2]");
    }
  }

  @Test
  void aCachedBuildMountsNothingAndSurvivesARestart() throws IOException {
    file("a", "1");
    String dockerfile = "FROM busybox\nCOPY a /\nRUN echo x > /y\nENV A=b\n";
    Image first = build(dockerfile);
    assertThat(engine.mounted.get()).isPositive();
    assertThat(build(dockerfile).id()).isEqualTo(first.id());
    assertThat(engine.mounted).hasValue(0);

    engine.snapshots.close();
    engine.blobs.close();
    engine.records.close();
    engine = new RealEngine(temp, engine.host);
    assertThat(build(dockerfile).id()).isEqualTo(first.id());
    assertThat(engine.mounted).hasValue(0);
    assertThat(text()).contains(" ---> Using cache\n");
  }

  @Test
  void twentyCachedStepsTakeMilliseconds() throws IOException {
    file("a", "1");
    StringBuilder dockerfile = new StringBuilder("FROM busybox\nCOPY a /\n");
    for (int i = 0; i < 9; i++) {
      dockerfile.append("ENV V").append(i).append("=1\nWORKDIR /w").append(i).append('\n');
    }
    build(dockerfile.toString());
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 30; i++) {
      long start = System.nanoTime();
      build(dockerfile.toString());
      best = Math.min(best, System.nanoTime() - start);
    }
    assertThat(best).as("nanoseconds, at best").isLessThan(15_000_000);
  }

  @Test
  void theGarbageCollectorSparesWhatTheCacheKnowsUntilItForgets() throws IOException {
    String dockerfile =
        "FROM busybox AS one\nRUN echo 1 > /made\nFROM busybox\nCOPY --from=one /made /\n";
    Image first = build(dockerfile);
    engine.collector.collect();
    assertThat(build(dockerfile).id()).isEqualTo(first.id());
    assertThat(engine.mounted).hasValue(0);

    engine.cache.forget(engine.cache.known().stream().map(known -> known.key().hex()).toList());
    engine.collector.collect();
    assertThat(build(dockerfile).layers()).hasSize(2);
    assertThat(engine.mounted.get()).isPositive();
  }

  @Test
  void stagesCopyFromEachOtherAndFromImages() throws IOException {
    Image image =
        build(
            """
            FROM busybox AS make
            RUN mkdir /out && echo made > /out/file && chmod 4755 /out/file && ln -s file /out/link
            FROM scratch
            COPY --from=make --chown=5:6 /out /out
            COPY --from=busybox /etc/passwd /
            """);
    assertThat(image.layers()).hasSize(2);
    assertThat(engine.contents(image.layers().getFirst()))
        .containsExactly("out/", "out/file", "out/link");
    assertThat(engine.contents(image.layers().getLast())).containsExactly("passwd");
  }

  @Test
  void aFailedCommandLeavesNothing() throws IOException {
    assertThatThrownBy(() -> build("FROM busybox\nRUN echo oops >&2; exit 3\n"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessage("The command '/bin/sh -c echo oops >&2; exit 3' returned a non-zero code: 3");
    assertThat(text()).contains("oops\n");
    assertThatThrownBy(() -> build("FROM busybox\nRUN [\"/no/such\"]\n"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("/no/such")
        .hasMessageEndingWith("[Dockerfile:2 RUN]");
  }

  @Test
  void aCancelledBuildLeavesNothing() throws IOException {
    file("Dockerfile", "FROM busybox\nRUN echo up; sleep 1000\n");
    Cancellation cancellation = new Cancellation();
    assertThatThrownBy(() ->
            engine
                .builder
                .build(
                    BuildRequest.of(context),
                    event -> {
                      if (event instanceof BuildEvent.StepOutput) {
                        cancellation.cancel("the client went away");
                      }
                    },
                    cancellation)
                .id())
        .isInstanceOf(Fault.Cancelled.class);
  }

  @Test
  void addUnpacksARealArchive() throws Exception {
    Files.createDirectories(context.resolve("t/sub"));
    file("t/sub/x", "1");
    assertThat(
            new ProcessBuilder("tar", "-C", context + "/t", "-czf", context + "/t.tgz", "sub")
                .start()
                .waitFor())
        .isZero();
    Image image = build("FROM busybox\nADD t.tgz /dst/\n");
    assertThat(engine.contents(own(image).getFirst()))
        .containsExactly("dst/", "dst/sub/", "dst/sub/x");
  }

  @Test
  void aMissingImageIsToldByItsName() {
    assertThatThrownBy(() -> build("FROM 127.0.0.1:1/no/such:image\nRUN x\n"))
        .isInstanceOf(Fault.class);
  }

  @Test
  void limitsAndNetworkReachTheProcess() throws IOException {
    build(
        "FROM busybox\nRUN ls /sys/class/net; cat /etc/hosts\n",
        BuildRequest.of(context).withNetwork("none", List.of("db:192.0.2.9")));
    assertThat(text()).contains("lo\n").doesNotContain("eth0").containsPattern("192.0.2.9\\s+db");
  }

  @Test
  void imagesForSeveralPlatformsStandUnderOneNameWithWhatIsSaidOfThem() throws IOException {
    file("a", "1");
    Reference name = Reference.parse("many:1");
    List<Digest> described = Collections.synchronizedList(new ArrayList<>());
    Attestor attestor =
        (built, delivery, names) -> {
          try (Workspaces.View view = delivery.workspaces().view(built.chainId())) {
            assertThat(view.root().resolve("a")).hasContent("1");
          }
          return manifest -> {
            described.add(manifest);
            byte[] statement = "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            return List.of(new Attestation("https://example.org/said", statement));
          };
        };
    Platform arm64 = Platform.of("linux", "arm64");
    Image image =
        build(
            "FROM scratch\nCOPY a /\n",
            BuildRequest.of(context)
                .withPlatforms(List.of(arm64, Platform.host()))
                .withExports(List.of(new StoreExport(List.of(name), attestor))));

    assertThat(image.config().platform()).isEqualTo(Platform.host());
    ImageIndex index = engine.images.indexes().find(name).orElseThrow();
    assertThat(index.images())
        .map(part -> part.manifest().platform().orElseThrow())
        .containsExactly(arm64, Platform.host());
    assertThat(index.attestations())
        .map(ImageIndex.Attested::subject)
        .containsExactlyElementsOf(described)
        .containsExactlyElementsOf(
            index.images().stream().map(part -> part.manifest().digest()).toList());
    engine.collector.collect();
    index
        .attestations()
        .forEach(
            said -> assertThat(engine.blobs.stat(said.manifest().digest())).as("kept").isPresent());

    engine.images.images().remove("many:1", false, false);
    assertThat(engine.images.images().list(ImageFilter.ALL, true))
        .map(Image::id)
        .containsExactly(busybox.id());
  }

  @Test
  void aSecretThatARunLeavesInALayerIsFound() throws IOException {
    byte[] secret = ("s3cr3t-" + System.nanoTime()).getBytes(StandardCharsets.UTF_8);
    build(
        "FROM busybox\nRUN --mount=type=secret,id=key cat /run/secrets/key > /leak\n",
        BuildRequest.of(context)
            .withAccess(
                new BuildRequest.Access(
                    BuildRequest.Access.NONE.logins(),
                    id -> Optional.of(secret.clone()),
                    SshAgents.NONE)));
    assertThat(events)
        .filteredOn(BuildEvent.Finding.class::isInstance)
        .extracting(event -> ((BuildEvent.Finding) event).lint().rule().name())
        .contains("SecretInLayer");
  }
}
