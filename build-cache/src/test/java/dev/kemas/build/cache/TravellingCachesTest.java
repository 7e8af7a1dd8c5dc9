package dev.kemas.build.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.build.BuildEvent;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.BuildResult;
import dev.kemas.fault.Fault;
import dev.kemas.image.Image;
import dev.kemas.image.Layer;
import dev.kemas.image.Progress;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryLogin;
import dev.kemas.registry.server.RegistryServer;
import dev.kemas.registry.server.ServerConfig;
import dev.kemas.registry.store.Place;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
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
import org.junit.jupiter.api.io.TempDir;

/** Caches from one machine to another, through a real registry and a folder. */
class TravellingCachesTest {
  private static final String DOCKERFILE =
      """
      FROM base AS make
      RUN write source 1
      RUN write made 2
      FROM base
      RUN write first 1
      COPY --from=make /made /copied
      COPY file /
      ENV A=b
      """;

  @TempDir Path temp;
  private RegistryServer registry;
  private Path context;
  private TestEngine a;
  private TestEngine b;
  private final List<BuildEvent> events = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() throws IOException {
    registry =
        RegistryServer.start(
            ServerConfig.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                "Kemas/test",
                new Place.Folder(temp.resolve("registry"))));
    context = Files.createDirectories(temp.resolve("context"));
    Files.writeString(context.resolve("file"), "content");
    Files.writeString(context.resolve("Dockerfile"), DOCKERFILE);
    a = new TestEngine(temp.resolve("a"));
    a.importBase();
    b = new TestEngine(temp.resolve("b"));
    b.importBase();
    b.now = a.now.plusSeconds(3600);
  }

  @AfterEach
  void close() {
    a.close();
    b.close();
    registry.close();
  }

  private String ref(String name) {
    return "127.0.0.1:" + registry.address().getPort() + "/" + name;
  }

  private BuildResult build(TestEngine engine, List<String> from, List<String> to, String... tags) {
    TravellingCaches caches = new TravellingCaches(engine.images, engine.registries);
    BuildRequest request =
        BuildRequest.of(context)
            .withTags(List.of(tags).stream().map(Reference::parse).toList())
            .withCaches(
                new BuildRequest.Caches(
                    from.stream().map(text -> caches.source(CacheAttributes.parse(text))).toList(),
                    to.stream().map(text -> caches.target(CacheAttributes.parse(text))).toList()));
    events.clear();
    return engine.build(request, events::add);
  }

  /** How many blobs the registry has sent. */
  private long sent() throws IOException {
    URI metrics = URI.create("http://127.0.0.1:" + registry.address().getPort() + "/metrics");
    String text;
    try (InputStream in = metrics.toURL().openStream()) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    return text.lines()
        .filter(line ->
            line.startsWith("kemas_registry_requests_total{")
                && line.contains("\"GET\"")
                && line.contains("\"blob\""))
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static List<Layer> layers(TestEngine engine, BuildResult result) {
    return engine.images.images().find(result.id()).map(Image::layers).orElseThrow();
  }

  private List<String> warnings() {
    return events.stream()
        .filter(BuildEvent.Warning.class::isInstance)
        .map(event -> ((BuildEvent.Warning) event).text())
        .toList();
  }

  @Test
  void anotherMachineRunsNothingAndFetchesOnlyTheResultsLayers() throws IOException {
    BuildResult made =
        build(a, List.of(), List.of("type=registry,ref=" + ref("app:cache") + ",mode=max"));
    assertThat(a.ran).hasSize(3);
    long before = sent();
    BuildResult again = build(b, List.of("type=registry,ref=" + ref("app:cache")), List.of());
    assertThat(b.ran).isEmpty();
    assertThat(warnings()).isEmpty();
    assertThat(again.id()).isEqualTo(made.id());
    // the configuration and three layers of the result; none of the stage that was copied from
    assertThat(sent()).isEqualTo(before + 4);
    List<Layer> layers = layers(b, again);
    assertThat(layers).hasSize(4);
    assertThat(layers).allSatisfy(l -> assertThat(b.images.layers().has(l)).isTrue());

    // what came is of the local cache now, and what did not is made anew, to the same end
    long known = sent();
    assertThat(build(b, List.of(), List.of()).id()).isEqualTo(made.id());
    assertThat(b.ran).containsExactlyInAnyOrder("write source 1", "write made 2");
    assertThat(sent()).isEqualTo(known);
  }

  @Test
  void aStepThatRunsGetsWhatItIsBuiltUpon() throws IOException {
    build(a, List.of(), List.of("type=registry,ref=" + ref("app:cache") + ",mode=max"));
    Files.writeString(
        context.resolve("Dockerfile"), DOCKERFILE.replace("write made 2", "write made 3"));
    build(b, List.of(ref("app:cache")), List.of());
    assertThat(b.ran).containsExactly("write made 3");
  }

  @Test
  void modeMinLeavesOtherStagesOut() throws IOException {
    build(a, List.of(), List.of("type=registry,ref=" + ref("app:min") + ",image-manifest=false"));
    build(b, List.of("type=registry,ref=" + ref("app:min")), List.of());
    assertThat(b.ran).containsExactlyInAnyOrder("write source 1", "write made 2");
  }

  @Test
  void aFolderCarriesACacheToo() throws IOException {
    Path folder = temp.resolve("cache");
    BuildResult made = build(a, List.of(), List.of("type=local,dest=" + folder + ",mode=max"));
    assertThat(folder.resolve("oci-layout")).exists();
    assertThat(build(b, List.of("type=local,src=" + folder), List.of()).id()).isEqualTo(made.id());
    assertThat(b.ran).isEmpty();
  }

  @Test
  void anImageCarriesItsOwnCache() throws IOException {
    String name = ref("app:1");
    BuildResult made = build(a, List.of(), List.of("type=inline"), name);
    a.images
        .pusher()
        .push(Reference.parse(name), Optional.empty(), RegistryLogin.ANONYMOUS, Progress.NONE);
    build(b, List.of(name), List.of("type=inline"));
    assertThat(b.ran).containsExactlyInAnyOrder("write source 1", "write made 2");
    assertThat(warnings()).isEmpty();
    assertThat(made.results()).isNotEmpty();
  }

  @Test
  void aCacheThatIsNotThereIsWarnedOf() throws IOException {
    build(b, List.of(ref("app:none"), "type=local,src=" + temp.resolve("nothing")), List.of());
    assertThat(b.ran).hasSize(3);
    assertThat(warnings()).hasSize(2);
    assertThat(warnings().getFirst()).contains("app:none");
  }

  @Test
  void aDamagedCacheIsWarnedOf() throws IOException {
    Path folder = temp.resolve("cache");
    build(a, List.of(), List.of("type=local,dest=" + folder + ",mode=max"));
    try (var blobs = Files.list(folder.resolve("blobs/sha256"))) {
      for (Path blob : blobs.toList()) {
        Files.writeString(blob, "damaged");
      }
    }
    build(b, List.of("type=local,src=" + folder), List.of());
    assertThat(b.ran).hasSize(3);
    assertThat(warnings()).hasSize(1);
  }

  @Test
  void mistakesAreToldBeforeAnythingIsBuilt() {
    TravellingCaches caches = new TravellingCaches(a.images, a.registries);
    assertThatThrownBy(() -> caches.target(CacheAttributes.parse("type=registry")))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("ref=");
    assertThatThrownBy(() -> caches.source(CacheAttributes.parse("type=gha,scope=x")))
        .isInstanceOf(Fault.Unsupported.class)
        .hasMessageContaining("gha");
    assertThatThrownBy(
            () -> caches.target(CacheAttributes.parse("type=registry,ref=a/b,mode=most")))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("most");
  }
}
