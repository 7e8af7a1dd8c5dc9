package dev.kemas.build.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.build.BuildEvent;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.Built;
import dev.kemas.build.Cancellation;
import dev.kemas.build.Context;
import dev.kemas.build.Export;
import dev.kemas.build.ImageSink;
import dev.kemas.build.TaskProgress;
import dev.kemas.build.Workspaces;
import dev.kemas.build.plan.Plan;
import dev.kemas.build.plan.PlanRequest;
import dev.kemas.build.plan.Planner;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.fault.Fault;
import dev.kemas.image.Attestation;
import dev.kemas.image.Image;
import dev.kemas.image.NewImage;
import dev.kemas.image.Progress;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.ProcessDefaults;
import dev.kemas.oci.Reference;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildAttestorTest {
  private static final Digest MANIFEST = Digest.of(new byte[] {7});
  private static final Digest BASE = Digest.of(new byte[] {8});
  private static final Platform AMD64 = Platform.of("linux", "amd64");
  private static final String DOCKERFILE =
      """
      FROM debian:13
      ARG VERSION
      RUN --mount=type=secret,id=netrc,required=true --mount=type=ssh \\
          echo $VERSION
      ADD --checksum=sha256:%s https://example.org/a.tgz /a
      """
          .formatted(MANIFEST.hex());

  @TempDir Path folder;
  private Path root;
  private Path scratch;
  private final List<String> said = new ArrayList<>();
  private int views;

  @BeforeEach
  void root() throws Exception {
    root = Files.createDirectory(folder.resolve("root"));
    scratch = Files.createDirectory(folder.resolve("scratch"));
    Path status = Files.createDirectories(root.resolve("var/lib/dpkg")).resolve("status");
    Files.writeString(status, "Package: hello\nStatus: install ok installed\nVersion: 2.10-3\n");
  }

  private static ImageConfig config() {
    return new ImageConfig(
        Optional.empty(),
        Optional.empty(),
        "amd64",
        "linux",
        Optional.empty(),
        Optional.empty(),
        Optional.of(ProcessDefaults.NONE),
        ImageConfig.RootFs.of(List.of()),
        List.of(),
        Optional.empty());
  }

  private static Image base(String name) {
    return new Image(
        BASE,
        config(),
        List.of(),
        Descriptor.of(MediaType.OCI_MANIFEST, BASE, 1),
        Optional.empty(),
        List.of(),
        List.of(Reference.parse(name).withDigest(MANIFEST)),
        Instant.EPOCH,
        Optional.empty());
  }

  private static Built built(BuildRequest request) {
    Plan plan =
        new Planner(
                Dockerfile.parse("Dockerfile", DOCKERFILE),
                new PlanRequest(
                    request.goal().buildArguments(),
                    new TreeMap<>(),
                    "",
                    AMD64,
                    "default",
                    Map.of(),
                    Optional.empty()),
                asked -> base(asked.name()))
            .plan();
    NewImage image = new NewImage(config(), List.of(), Optional.empty(), List.of());
    return new Built(AMD64, image, Optional.empty(), plan);
  }

  private Export.Delivery delivery(BuildRequest request, Built built) {
    return new Export.Delivery(
        List.of(built),
        only(ImageSink.class, (name, arguments) -> unexpected(name)),
        only(
            Workspaces.Held.class,
            (name, arguments) -> name.equals("view") ? view() : unexpected(name)),
        new TaskProgress() {
          @Override
          public void part(String what, long current, long total, boolean done) {
            said.add(what);
          }

          @Override
          public void pull(Progress.Event event) {}

          @Override
          public void event(BuildEvent event) {}
        },
        new Cancellation(),
        new Export.Origin(
            request,
            Instant.parse("2026-01-02T03:04:05Z"),
            Instant.parse("2026-01-02T03:05:05Z"),
            scratch));
  }

  private Workspaces.View view() {
    views++;
    return new Workspaces.View() {
      @Override
      public Path root() {
        return root;
      }

      @Override
      public void close() {
        views--;
      }
    };
  }

  private static Object unexpected(String name) {
    throw new AssertionError(name + " is not an attestor's business");
  }

  private interface Answer {
    Object of(String name, Object[] arguments);
  }

  private static <T> T only(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answer.of(method.getName(), arguments)));
  }

  private List<Attestation> attest(BuildRequest request, Map<String, String> attributes) {
    Built built = built(request);
    BuildAttestor attestor =
        new BuildAttestor(
            AttestationOptions.parse(attributes),
            new BuildAttestor.Run(
                "run1", "dockerfile.v0", new TreeMap<>(Map.of("revision", "abc"))));
    return attestor
        .about(built, delivery(request, built), List.of(Reference.parse("app:1")))
        .of(MANIFEST);
  }

  private BuildRequest request() {
    return BuildRequest.of(Context.folder(folder)).withBuildArguments(Map.of("VERSION", "1.2"));
  }

  private static JsonNode json(Attestation attestation) {
    return Json.read(attestation.statement(), JsonNode.class, "statement");
  }

  @Test
  void everyThingAskedForIsSaidOfTheManifest() {
    List<Attestation> all =
        attest(
            request(),
            Map.of(
                "attest:provenance", "mode=max",
                "attest:sbom", "format=all",
                "build-arg:X", "no attestation"));

    assertThat(all)
        .map(Attestation::predicateType)
        .containsExactly(
            "https://spdx.dev/Document",
            "https://cyclonedx.org/bom",
            "https://slsa.dev/provenance/v1");
    assertThat(all)
        .allSatisfy(one -> {
          assertThat(json(one).at("/subject/0/digest/sha256").textValue())
              .isEqualTo(MANIFEST.hex());
          assertThat(json(one).at("/subject/0/name").textValue())
              .isEqualTo("pkg:docker/app@1?platform=linux%2Famd64");
        });
    assertThat(json(all.getFirst()).at("/predicate/packages/1/name").textValue())
        .isEqualTo("hello");
    assertThat(said).containsExactly("looking for packages in the image for linux/amd64");
    assertThat(views).as("views that are open still").isZero();
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void provenanceTellsWhereThingsCameFromAndWhatWasLent() {
    JsonNode statement =
        json(attest(request(), Map.of("attest:provenance", "mode=max")).getFirst());

    JsonNode build = statement.at("/predicate/buildDefinition");
    assertThat(build.path("resolvedDependencies"))
        .map(one -> one.path("uri").textValue())
        .containsExactly(
            "https://example.org/a.tgz", "pkg:docker/debian@13?platform=linux%2Famd64");
    assertThat(build.at("/resolvedDependencies/1/digest/sha256").textValue())
        .as("as the registry named it")
        .isEqualTo(MANIFEST.hex());
    JsonNode asked = build.at("/externalParameters/request");
    assertThat(asked.at("/args/build-arg:VERSION").textValue()).isEqualTo("1.2");
    assertThat(asked.at("/secrets/0/id").textValue()).isEqualTo("netrc");
    assertThat(asked.at("/secrets/0").has("optional")).isFalse();
    assertThat(asked.at("/ssh/0/optional").booleanValue()).isTrue();
    JsonNode steps = build.at("/internalParameters/buildConfig/llbDefinition");
    assertThat(steps.at("/0/op/Op/source/identifier").textValue())
        .isEqualTo("docker-image://debian:13");
    assertThat(steps.at("/1/op/Op/exec/meta/args/2").textValue()).contains("echo $VERSION");
    assertThat(steps.at("/1/inputs/0").textValue()).isEqualTo("step0:0");
    JsonNode metadata = statement.at("/predicate/runDetails/metadata");
    assertThat(
            metadata
                .at("/buildkit_metadata/source/locations/step1/locations/0/ranges/0/start/line")
                .intValue())
        .isEqualTo(3);
    assertThat(metadata.path("startedOn").textValue()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(metadata.at("/buildkit_completeness/resolvedDependencies").booleanValue())
        .as("a step had a network")
        .isFalse();
    assertThat(metadata.at("/buildkit_metadata/vcs/revision").textValue()).isEqualTo("abc");
  }

  @Test
  void aBuildThatIsToldTheTimeSaysNothingOfTheClock() {
    BuildRequest request = request().withEpoch(Optional.of(Instant.ofEpochSecond(1000)));

    String text =
        attest(request, Map.of("attest:provenance", "", "attest:sbom", "generator=image")).stream()
            .map(one -> json(one).toString())
            .reduce("", String::concat);

    assertThat(text).contains("1970-01-01T00:16:40Z").doesNotContain("2026-01");
  }

  @Test
  void whatIsNotWantedIsNotLookedFor() {
    assertThat(attest(request(), Map.of("attest:sbom", "disabled=true"))).isEmpty();
    assertThat(said).isEmpty();
    assertThat(AttestationOptions.parse(Map.of()).isEmpty()).isTrue();
    assertThatThrownBy(() -> AttestationOptions.parse(Map.of("attest:vex", "")))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessage("invalid attestation \"vex\": use provenance or sbom");
  }
}
