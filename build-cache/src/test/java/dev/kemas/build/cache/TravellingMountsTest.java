package dev.kemas.build.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.build.BuildEvent;
import dev.kemas.build.BuildRequest;
import dev.kemas.fault.Fault;
import dev.kemas.mount.travel.TravelLimits;
import dev.kemas.registry.server.RegistryServer;
import dev.kemas.registry.server.ServerConfig;
import dev.kemas.registry.store.Place;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cache mounts from one machine to another, by each kind of place. */
class TravellingMountsTest {
  /** Where they lie meanwhile. */
  enum Kind {
    REGISTRY,
    FOLDER
  }

  private static final int WHEEL = 700_000;

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
    a = new TestEngine(temp.resolve("a"));
    a.importBase();
    b = new TestEngine(temp.resolve("b"));
    b.importBase();
  }

  @AfterEach
  void close() {
    a.close();
    b.close();
    registry.close();
  }

  private String ref() {
    return "127.0.0.1:" + registry.address().getPort() + "/app:cache";
  }

  private List<String> from(Kind kind) {
    return List.of(
        kind == Kind.REGISTRY
            ? "type=registry,mounts=true,ref=" + ref()
            : "type=local,mounts=true,src=" + temp.resolve("cache"));
  }

  private List<String> to(Kind kind, String more) {
    return List.of(
        kind == Kind.REGISTRY
            ? "type=registry,mode=max,mounts=true,ref=" + ref() + more
            : "type=local,mode=max,mounts=true,dest=" + temp.resolve("cache") + more);
  }

  private void build(TestEngine engine, String step, List<String> from, List<String> to)
      throws IOException {
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM base\nRUN --mount=type=cache,id=pip,target=/c,uid=5,mode=0700 " + step + "\n");
    TravellingCaches caches = new TravellingCaches(engine.images, engine.registries);
    BuildRequest request =
        BuildRequest.of(context)
            .withCaches(
                new BuildRequest.Caches(
                    from.stream().map(text -> caches.source(CacheAttributes.parse(text))).toList(),
                    to.stream().map(text -> caches.target(CacheAttributes.parse(text))).toList()));
    events.clear();
    engine.build(request, events::add);
  }

  private static void wheel(Path mount, int number) {
    byte[] bytes = new byte[WHEEL];
    new Random(number).nextBytes(bytes);
    try {
      Files.write(mount.resolve("wheel" + number), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void wheels(Path mount) {
    for (int i = 0; i < 20; i++) {
      wheel(mount, i);
    }
  }

  private static List<String> names(Path folder) {
    try (var all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the engine's one cache mount has, as the next step sees it. */
  private static List<String> seenBy(TestEngine engine) {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    engine.onMount = folder -> seen.addAll(names(folder));
    return seen;
  }

  private List<String> warnings() {
    return events.stream()
        .filter(BuildEvent.Warning.class::isInstance)
        .map(event -> ((BuildEvent.Warning) event).text())
        .toList();
  }

  /** Bytes of bodies that the registry sent or received. */
  private long travelled(String direction) throws IOException {
    URI metrics = URI.create("http://127.0.0.1:" + registry.address().getPort() + "/metrics");
    try (InputStream in = metrics.toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line ->
              line.startsWith("kemas_registry_" + direction + "_bytes_total{")
                  && (line.contains("\"blob") || line.contains("\"upload")))
          .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherMachineHasTheMountBeforeItsStepRuns(Kind kind) throws IOException {
    a.onMount = TravellingMountsTest::wheels;
    build(a, "write f 1", List.of(), to(kind, ""));
    assertThat(warnings()).isEmpty();
    List<String> seen = seenBy(b);
    build(b, "write f 2", from(kind), List.of());
    assertThat(seen).hasSize(20).contains("wheel0", "wheel19");
    assertThat(warnings()).isEmpty();
    Path files = b.builder.cacheMounts().list().getFirst().folder();
    assertThat((Integer) Files.getAttribute(files, "unix:uid")).isEqualTo(5);
    assertThat(names(files.getParent())).containsExactly("files", "record.json");
  }

  @ParameterizedTest
  @EnumSource
  void theCacheItselfIsFoundBesideItsMounts(Kind kind) throws IOException {
    a.onMount = TravellingMountsTest::wheels;
    build(a, "write f 1", List.of(), to(kind, ""));
    build(b, "write f 1", from(kind), to(kind, ""));
    assertThat(b.ran).isEmpty();
    // it ran nothing, so it has no mount to leave: the one that is there stays
    List<String> seen = seenBy(b);
    build(b, "write f 2", from(kind), List.of());
    assertThat(seen).hasSize(20);
  }

  @Test
  void oneNewWheelIsAllThatIsFetched() throws IOException {
    a.onMount = TravellingMountsTest::wheels;
    build(a, "write f 1", List.of(), to(Kind.REGISTRY, ""));
    build(b, "write f 1", from(Kind.REGISTRY), List.of());
    seenBy(b);
    build(b, "write f 2", from(Kind.REGISTRY), List.of());

    a.onMount = folder -> wheel(folder, 99);
    long received = travelled("received");
    build(a, "write f 3", List.of(), to(Kind.REGISTRY, ""));
    assertThat(travelled("received") - received).isBetween((long) WHEEL, WHEEL + 20_000L);

    long sent = travelled("sent");
    List<String> seen = seenBy(b);
    build(b, "write f 4", from(Kind.REGISTRY), List.of());
    assertThat(seen).hasSize(21).contains("wheel99");
    assertThat(travelled("sent") - sent).isBetween((long) WHEEL, WHEEL + 20_000L);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotThereIsWarnedOf(Kind kind) throws IOException {
    List<String> seen = seenBy(b);
    build(b, "write f 1", from(kind), List.of());
    assertThat(b.ran).hasSize(1);
    assertThat(seen).isEmpty();
    assertThat(warnings())
        .hasSize(2)
        .anySatisfy(text ->
            assertThat(text).contains("importing cache mount pip", "going on with what is here"));
  }

  @Test
  void aDamagedChunkLeavesTheMountAsItWas() throws IOException {
    a.onMount = TravellingMountsTest::wheels;
    build(a, "write f 1", List.of(), to(Kind.FOLDER, ""));
    try (var blobs = Files.list(temp.resolve("cache/blobs/sha256"))) {
      for (Path blob : blobs.filter(path -> path.toFile().length() > 100_000).toList()) {
        byte[] bytes = Files.readAllBytes(blob);
        bytes[70_000] ^= 1;
        Files.write(blob, bytes);
      }
    }
    List<String> seen = seenBy(b);
    build(b, "write f 2", from(Kind.FOLDER), List.of());
    assertThat(b.ran).hasSize(1);
    assertThat(seen).isEmpty();
    assertThat(warnings()).singleElement().asString().contains("not what its digest says");
  }

  @Test
  void aRegistryThatDiesLeavesTheMountAsItWas() throws IOException {
    a.onMount = TravellingMountsTest::wheels;
    build(a, "write f 1", List.of(), to(Kind.REGISTRY, ""));
    // its chunks are gone: the manifests answer, the blobs do not
    try (var all = Files.walk(temp.resolve("registry"))) {
      for (Path blob :
          all.filter(path -> Files.isRegularFile(path) && path.toFile().length() > 500_000)
              .toList()) {
        Files.delete(blob);
      }
    }
    List<String> seen = seenBy(b);
    build(b, "write f 2", from(Kind.REGISTRY), List.of());
    assertThat(b.ran).hasSize(1);
    assertThat(seen).isEmpty();
    assertThat(warnings()).singleElement().asString().contains("importing cache mount pip");
  }

  @Test
  void aMountThatCouldNotBeFetchedDoesNotReplaceTheOneThatIsThere() throws IOException {
    a.onMount = TravellingMountsTest::wheels;
    build(a, "write f 1", List.of(), to(Kind.FOLDER, ""));
    String nobody = "type=registry,mounts=true,ref=127.0.0.1:1/app:cache";
    b.onMount = folder -> wheel(folder, 99);
    build(b, "write f 2", List.of(nobody), to(Kind.FOLDER, ""));
    assertThat(warnings()).anySatisfy(text -> assertThat(text).contains("and leaving none"));
    List<String> seen = seenBy(b);
    b.builder.cacheMounts().remove(all -> true);
    build(b, "write f 3", from(Kind.FOLDER), List.of());
    assertThat(seen).hasSize(20).doesNotContain("wheel99");
  }

  @Test
  void whatDoesNotFitIsTold() throws IOException {
    a.onMount = TravellingMountsTest::wheels;
    build(a, "write f 1", List.of(), to(Kind.FOLDER, ",mounts-max=2m"));
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("exporting cache mount pip", "18 left out", "2097152");
    List<String> seen = seenBy(b);
    build(b, "write f 2", from(Kind.FOLDER), List.of());
    assertThat(seen).hasSize(2);
  }

  @Test
  void withoutTheWordNothingTravels() throws IOException {
    a.onMount = TravellingMountsTest::wheels;
    Path folder = temp.resolve("cache");
    build(a, "write f 1", List.of(), List.of("type=local,dest=" + folder));
    List<String> seen = seenBy(b);
    build(b, "write f 2", from(Kind.FOLDER), List.of());
    assertThat(seen).isEmpty();
    build(a, "write f 3", List.of(), to(Kind.FOLDER, ""));
    build(b, "write f 4", List.of("type=local,src=" + folder), List.of());
    assertThat(seen).isEmpty();
  }

  @Test
  void aPlaceWithRoomForTheCacheAloneIsNamed() {
    CachePlace one =
        new CachePlace() {
          @Override
          public String name() {
            return "/of/the/client";
          }

          @Override
          public Opened open(BuildRequest.Logins logins, boolean writing) {
            throw new AssertionError("nothing is to be opened");
          }
        };
    assertThatThrownBy(() -> TravellingMounts.at(one, TravelLimits.DEFAULT))
        .isInstanceOf(Fault.Unsupported.class)
        .hasMessageContaining("/of/the/client")
        .hasMessageContaining("type=registry");
  }

  @Test
  void mistakesAreToldBeforeAnythingIsBuilt() {
    TravellingCaches caches = new TravellingCaches(a.images, a.registries);
    for (String said :
        List.of(
            "type=inline,mounts=true",
            "type=registry,ref=a/b,mounts=maybe",
            "type=registry,ref=a/b,mounts=true,mounts-max=0",
            "type=registry,ref=a/b,mounts=true,mounts-max=lots",
            "type=local,dest=/x,mounts=true,mounts-max=-1")) {
      assertThatThrownBy(() -> caches.target(CacheAttributes.parse(said)))
          .as(said)
          .isInstanceOf(Fault.InvalidArgument.class);
    }
    assertThat(new CacheAttributes(new TreeMap<>(java.util.Map.of("x", "2GiB"))).size("x"))
        .contains(2L << 30);
    assertThat(new CacheAttributes(new TreeMap<>(java.util.Map.of("x", "123456789"))).size("x"))
        .contains(123_456_789L);
  }
}
