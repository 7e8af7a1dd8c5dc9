package dev.kemas.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatementTest {
  private static final Digest MANIFEST = Digest.of(new byte[] {1});
  private static final Digest BASE = Digest.of(new byte[] {2});
  private static final Platform AMD64 = Platform.of("linux", "amd64");
  private static final Statement.Subject SUBJECT =
      new Statement.Subject(
          List.of(Reference.parse("example.org/team/app:1"), Reference.parse("app")),
          AMD64,
          MANIFEST);

  private static BuildRecord record() {
    BuildRecord.Definition definition =
        new BuildRecord.Definition(
            List.of(
                new BuildRecord.Step(
                    "step0",
                    Json.mapper().createObjectNode().put("from", "debian"),
                    List.of(),
                    Optional.of(new BuildRecord.Lines(1, 1))),
                new BuildRecord.Step(
                    "step1",
                    Json.mapper().createObjectNode().put("run", "true"),
                    List.of("step0:0"),
                    Optional.of(new BuildRecord.Lines(2, 4)))),
            new TreeMap<>(Map.of(Digest.of(new byte[] {9}), "step1")),
            new TreeMap<>(
                Map.of("step1:0", List.of(Descriptor.of(MediaType.OCI_LAYER_GZIP, BASE, 7)))),
            List.of(new BuildRecord.SourceFile("Dockerfile", "Dockerfile", "FROM debian\n")));
    return new BuildRecord(
        "abc123",
        Instant.parse("2026-01-02T03:04:05Z"),
        Instant.parse("2026-01-02T03:05:05Z"),
        AMD64,
        BuildRecord.Source.local("Dockerfile"),
        new BuildRecord.Request(
            "dockerfile.v0",
            new TreeMap<>(
                Map.of(
                    "build-arg:TOKENISH", "value",
                    "label:x", "y",
                    "target", "final",
                    "platform", "linux/amd64",
                    "vcs:source", "https://me:pw@example.org/a",
                    "context", "https://me:pw@example.org/a.git")),
            List.of(new BuildRecord.Lent("netrc", true)),
            List.of(new BuildRecord.Lent("default", false)),
            List.of("dockerfile", "context")),
        List.of(
            new Material.Image(Reference.parse("debian:13"), Optional.of(AMD64), BASE),
            new Material.Image(Reference.parse("debian:13"), Optional.of(AMD64), BASE),
            new Material.Git("https://u:p@example.org/r.git#main", "a".repeat(40)),
            new Material.Http("https://example.org/f.tgz", MANIFEST)),
        new BuildRecord.Completeness(true, false, false),
        new TreeMap<>(Map.of("source", "https://me:pw@example.org/a", "revision", "a".repeat(40))),
        definition);
  }

  private static JsonNode of(String options) {
    return Statement.provenance(SUBJECT, record(), Options.parse(options)).json();
  }

  @Test
  void the_subject_is_the_manifest_under_each_of_its_names() {
    JsonNode json = of("");

    assertThat(json.path("_type").textValue()).isEqualTo("https://in-toto.io/Statement/v0.1");
    assertThat(json.at("/subject/0/name").textValue())
        .isEqualTo("pkg:docker/example.org/team/app@1?platform=linux%2Famd64");
    assertThat(json.at("/subject/1/name").textValue())
        .isEqualTo("pkg:docker/app@latest?platform=linux%2Famd64");
    assertThat(json.at("/subject/0/digest/sha256").textValue()).isEqualTo(MANIFEST.hex());
    Statement unnamed =
        Statement.spdx(
            new Statement.Subject(List.of(), AMD64, MANIFEST), Json.mapper().createObjectNode());
    assertThat(unnamed.json().at("/subject/0/name").textValue()).isEqualTo("_");
    assertThat(unnamed.predicateType()).isEqualTo("https://spdx.dev/Document");
  }

  @Test
  void version_1_tells_all_that_was_asked_for() {
    JsonNode json = of("mode=max,builder-id=https://example.org/ci,reproducible=true");

    assertThat(json.path("predicateType").textValue()).isEqualTo("https://slsa.dev/provenance/v1");
    JsonNode build = json.at("/predicate/buildDefinition");
    assertThat(build.at("/externalParameters/configSource/path").textValue())
        .isEqualTo("Dockerfile");
    JsonNode request = build.at("/externalParameters/request");
    assertThat(request.path("frontend").textValue()).isEqualTo("dockerfile.v0");
    assertThat(request.at("/args/build-arg:TOKENISH").textValue()).isEqualTo("value");
    assertThat(request.at("/args/context").textValue())
        .isEqualTo("https://xxxxx@example.org/a.git");
    assertThat(request.path("args").has("platform")).isFalse();
    assertThat(request.path("args").has("vcs:source")).isFalse();
    assertThat(request.at("/secrets/0/id").textValue()).isEqualTo("netrc");
    assertThat(request.at("/ssh/0/id").textValue()).isEqualTo("default");
    assertThat(request.at("/locals/0/name").textValue()).isEqualTo("context");
    assertThat(build.at("/internalParameters/builderPlatform").textValue())
        .isEqualTo("linux/amd64");
    assertThat(build.at("/internalParameters/buildConfig/llbDefinition/1/inputs/0").textValue())
        .isEqualTo("step0:0");
    assertThat(build.path("resolvedDependencies")).hasSize(3);
    assertThat(build.at("/resolvedDependencies/1/uri").textValue())
        .isEqualTo("https://xxxxx@example.org/r.git#main");
    assertThat(build.at("/resolvedDependencies/1/digest/sha1").textValue()).hasSize(40);
    assertThat(build.at("/resolvedDependencies/2/uri").textValue())
        .isEqualTo("pkg:docker/debian@13?platform=linux%2Famd64");
    JsonNode run = json.at("/predicate/runDetails");
    assertThat(run.at("/builder/id").textValue()).isEqualTo("https://example.org/ci");
    assertThat(run.at("/metadata/buildkit_reproducible").booleanValue()).isTrue();
    assertThat(run.at("/metadata/buildkit_completeness/request").booleanValue()).isTrue();
    JsonNode extension = run.at("/metadata/buildkit_metadata");
    assertThat(extension.at("/source/locations/step1/locations/0/ranges/0/end/line").intValue())
        .isEqualTo(4);
    assertThat(extension.at("/source/infos/0/data").textValue()).isEqualTo("RlJPTSBkZWJpYW4K");
    assertThat(extension.at("/layers/step1:0/0/0/digest").textValue()).isEqualTo(BASE.toString());
    assertThat(extension.at("/vcs/source").textValue()).isEqualTo("https://xxxxx@example.org/a");
  }

  @Test
  void version_02_has_the_same_in_its_own_places() {
    JsonNode json = of("mode=max,version=v0.2");

    JsonNode predicate = json.path("predicate");
    assertThat(json.path("predicateType").textValue())
        .isEqualTo("https://slsa.dev/provenance/v0.2");
    assertThat(predicate.path("buildType").textValue())
        .isEqualTo("https://mobyproject.org/buildkit@v1");
    assertThat(predicate.path("materials")).hasSize(3);
    assertThat(predicate.at("/invocation/configSource/entryPoint").textValue())
        .isEqualTo("Dockerfile");
    assertThat(predicate.at("/invocation/environment/platform").textValue())
        .isEqualTo("linux/amd64");
    assertThat(predicate.at("/buildConfig/llbDefinition")).hasSize(2);
    assertThat(predicate.at("/metadata/completeness/parameters").booleanValue()).isTrue();
    assertThat(
            predicate
                .path("metadata")
                .path("https://mobyproject.org/buildkit@v1#metadata")
                .path("layers")
                .has("step1:0"))
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void the_least_mode_tells_nothing_that_may_be_confidential(Options.Version version) {
    String text =
        Statement.provenance(
                SUBJECT, record(), new Options(Options.Mode.MIN, false, version, "", false))
            .json()
            .toString();

    assertThat(text)
        .doesNotContain("TOKENISH", "value", "label:x", "netrc", "llbDefinition", "RlJPTS", ":pw@")
        .contains("\"target\":\"final\"")
        .containsPattern("\"(parameters|request)\":false");
  }

  @Test
  void same_record_same_bytes() {
    assertThat(Statement.provenance(SUBJECT, record(), Options.DEFAULT).bytes())
        .isEqualTo(Statement.provenance(SUBJECT, record(), Options.DEFAULT).bytes());
  }

  @Test
  void options_are_read_as_clients_write_them() {
    assertThat(Options.parse("mode=max,inline-only=true,version=v0.2"))
        .isEqualTo(new Options(Options.Mode.MAX, true, Options.Version.V0_2, "", false));
    assertThat(Options.parse("type=provenance,disabled=false")).isEqualTo(Options.DEFAULT);
    assertThatThrownBy(() -> Options.parse("mode=most"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessage("invalid provenance mode \"most\": use min or max");
    assertThatThrownBy(() -> Options.parse("modus=max"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("use mode, inline-only");
  }
}
