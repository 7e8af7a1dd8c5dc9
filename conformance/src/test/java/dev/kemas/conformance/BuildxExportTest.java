package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Where {@code docker buildx build} leaves results, in which form, and what it attaches. */
final class BuildxExportTest extends BuildxEngine {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TYPE = "vnd.docker.reference.type";

  private void dockerfile() throws IOException {
    file("Dockerfile", "FROM busybox\nCOPY a /folder/b\nRUN echo made > /made\n");
    file("a", "exported\n");
  }

  private JsonNode json(String path) throws IOException {
    return JSON.readTree(Files.readAllBytes(context.resolve(path)));
  }

  private static JsonNode tree(Command.Result result) throws IOException {
    return JSON.readTree(result.expect(0).out());
  }

  private JsonNode raw(String what) throws IOException, InterruptedException {
    return tree(Command.of("skopeo", "inspect", "--raw", "--tls-verify=false", what).run());
  }

  private JsonNode member(String file, String name) throws IOException, InterruptedException {
    return tree(Command.of("tar", "-xOf", context.resolve(file).toString(), name).run());
  }

  private JsonNode blob(String file, String digest) throws IOException, InterruptedException {
    return member(file, "blobs/" + digest.replace(':', '/'));
  }

  @Test
  void aPlainBuildStaysAPlainManifestAndTellsItsDigests() throws IOException, InterruptedException {
    dockerfile();
    run("build", "--metadata-file", "meta", "--iidfile", "iid", "-t", "plain:1", ".").expect(0);
    JsonNode meta = json("meta");
    String id = inspect("plain:1", "{{.Id}}").strip();
    assertThat(meta.path("containerimage.config.digest").textValue()).isEqualTo(id);
    assertThat(context.resolve("iid")).hasContent(id);
    assertThat(meta.path("image.name").textValue()).isEqualTo("docker.io/library/plain:1");
    JsonNode descriptor = meta.path("containerimage.descriptor");
    assertThat(descriptor.path("mediaType").textValue())
        .isEqualTo("application/vnd.oci.image.manifest.v1+json");
    assertThat(descriptor.path("digest")).isEqualTo(meta.path("containerimage.digest"));
    assertThat(docker("run", "--rm", id, "cat", "/folder/b")).isEqualTo("exported\n");
  }

  @Test
  void statementsArePushedAndReadByImagetools() throws IOException, InterruptedException {
    dockerfile();
    try (OwnRegistry registry = OwnRegistry.open()) {
      String name = registry.host() + "/said:1";
      run(
              "buildx",
              "build",
              "--provenance=mode=max",
              "--sbom=true",
              "--build-arg",
              "SHOWN=yes",
              "--metadata-file",
              "meta",
              "--push",
              "-t",
              name,
              ".")
          .expect(0);
      JsonNode index = raw("docker://" + name);
      assertThat(index.path("manifests")).hasSize(2);
      assertThat(index.at("/manifests/1/annotations").path(TYPE).textValue())
          .isEqualTo("attestation-manifest");
      assertThat(index.at("/manifests/1/annotations/vnd.docker.reference.digest"))
          .isEqualTo(index.at("/manifests/0/digest"));
      JsonNode provenance =
          tree(run("buildx", "imagetools", "inspect", name, "--format", "{{json .Provenance}}"));
      assertThat(provenance.toString()).contains("\"build-arg:SHOWN\":\"yes\"").contains("busybox");
      JsonNode bill =
          tree(run("buildx", "imagetools", "inspect", name, "--format", "{{json .SBOM}}"));
      assertThat(bill.at("/SPDX/spdxVersion").textValue()).isEqualTo("SPDX-2.3");
      String pushed = json("meta").path("containerimage.digest").textValue();
      assertThat(
              Command.of(
                      "skopeo",
                      "inspect",
                      "--raw",
                      "--tls-verify=false",
                      "docker://" + registry.host() + "/said@" + pushed)
                  .run()
                  .code())
          .as("what was told is what the registry has")
          .isZero();
      assertThat(json("meta").at("/containerimage.descriptor/mediaType").textValue())
          .isEqualTo("application/vnd.oci.image.index.v1+json");
    }
  }

  @Test
  void statementsLieBesideFilesAndInArchives() throws IOException, InterruptedException {
    dockerfile();
    run("buildx", "build", "--provenance=true", "--sbom=true", "-o", "out", ".").expect(0);
    assertThat(context.resolve("out/folder/b")).hasContent("exported\n");
    JsonNode provenance = json("out/provenance.json");
    assertThat(provenance.path("subject"))
        .anySatisfy(subject -> {
          assertThat(subject.path("name").textValue()).isEqualTo("folder/b");
          assertThat(subject.at("/digest/sha256").textValue()).hasSize(64);
        });
    assertThat(json("out/sbom.spdx.json").path("predicateType").textValue())
        .isEqualTo("https://spdx.dev/Document");
    run(
            "buildx",
            "build",
            "--provenance=true",
            "-o",
            "type=tar,dest=files.tar,attestation-prefix=said-",
            ".")
        .expect(0);
    assertThat(member("files.tar", "said-provenance.json").path("_type").textValue())
        .startsWith("https://in-toto.io/Statement");
    run("buildx", "build", "--provenance=true", "-o", "type=oci,dest=oci.tar", ".").expect(0);
    JsonNode layout = member("oci.tar", "index.json");
    JsonNode index = blob("oci.tar", layout.at("/manifests/0/digest").textValue());
    assertThat(index.at("/manifests/1/annotations").path(TYPE).textValue())
        .isEqualTo("attestation-manifest");
    assertThat(
            run("buildx", "build", "--provenance=true", "-o", "type=docker,dest=d.tar", ".").err())
        .contains("manifest lists");
    run("buildx", "build", "-o", "type=docker,dest=d.tar", "-t", "archived:1", ".").expect(0);
    docker("load", "-i", context.resolve("d.tar").toString());
    assertThat(docker("run", "--rm", "archived:1", "cat", "/made")).isEqualTo("made\n");
  }

  @Test
  void layersAreCompressedAsAsked() throws IOException, InterruptedException {
    dockerfile();
    for (String form : new String[] {"zstd", "gzip", "uncompressed"}) {
      run(
              "buildx",
              "build",
              "-o",
              "type=oci,dest=oci.tar,force-compression=true,compression=" + form,
              ".")
          .expect(0);
      JsonNode layout = member("oci.tar", "index.json");
      JsonNode manifest = blob("oci.tar", layout.at("/manifests/0/digest").textValue());
      assertThat(manifest.path("layers").size()).isGreaterThan(1);
      assertThat(manifest.path("layers"))
          .allSatisfy(layer ->
              assertThat(layer.path("mediaType").textValue())
                  .isEqualTo(
                      "application/vnd.oci.image.layer.v1.tar"
                          + (form.equals("uncompressed") ? "" : "+" + form)));
      Path copy = context.resolve("copy-" + form);
      Command.of("skopeo", "copy", "oci-archive:oci.tar", "dir:" + copy).run(context).expect(0);
    }
    assertThat(run("buildx", "build", "-o", "type=oci,dest=x,compression=estargz", ".").err())
        .contains("compression=estargz is not written here");
    assertThat(run("buildx", "build", "-o", "type=oci,dest=x,compresion=gzip", ".").err())
        .contains("unknown option \"compresion\"")
        .contains("compression-level");
  }

  @Test
  void annotationsAreWrittenWhereTheyAreAskedFor() throws IOException, InterruptedException {
    dockerfile();
    run(
            "buildx",
            "build",
            "--provenance=true",
            "--annotation",
            "of=manifest",
            "--annotation",
            "index:of=index",
            "--annotation",
            "index-descriptor:of=entry",
            "--annotation",
            "manifest-descriptor:of=part",
            "-o",
            "type=oci,dest=oci.tar",
            ".")
        .expect(0);
    JsonNode layout = member("oci.tar", "index.json");
    assertThat(layout.at("/manifests/0/annotations/of").textValue()).isEqualTo("entry");
    JsonNode index = blob("oci.tar", layout.at("/manifests/0/digest").textValue());
    assertThat(index.at("/annotations/of").textValue()).isEqualTo("index");
    assertThat(index.at("/manifests/0/annotations/of").textValue()).isEqualTo("part");
    JsonNode manifest = blob("oci.tar", index.at("/manifests/0/digest").textValue());
    assertThat(manifest.at("/annotations/of").textValue()).isEqualTo("manifest");
    try (OwnRegistry registry = OwnRegistry.open()) {
      String name = registry.host() + "/noted:1";
      run("buildx", "build", "--annotation", "of=pushed", "-o", "type=image", "-t", name, ".")
          .expect(0);
      docker("push", name);
      JsonNode pushed = raw("docker://" + name);
      assertThat(pushed.at("/annotations/of").textValue()).isEqualTo("pushed");
      assertThat(pushed.at("/layers/1/mediaType").textValue()).endsWith("+gzip");
      run("buildx", "build", "-o", "type=image,push=true,oci-mediatypes=false,name=" + name, ".")
          .expect(0);
      assertThat(raw("docker://" + name).path("mediaType").textValue())
          .isEqualTo("application/vnd.docker.distribution.manifest.v2+json");
    }
  }

  @Test
  void severalPlatformsHaveFoldersOfTheirOwn() throws IOException, InterruptedException {
    file("Dockerfile", "FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /of\nCOPY common /\n");
    file("amd64", "amd64\n");
    file("arm64", "arm64\n");
    file("common", "both\n");
    String both = "--platform=linux/amd64,linux/arm64";
    run("buildx", "build", both, "-o", "out", ".").expect(0);
    assertThat(context.resolve("out/linux_amd64/of")).hasContent("amd64\n");
    assertThat(context.resolve("out/linux_arm64/of")).hasContent("arm64\n");
    assertThat(
            run("buildx", "build", both, "-o", "type=local,dest=o,platform-split=false", ".").err())
        .contains("cannot overwrite");
    run("buildx", "build", "-o", "type=local,dest=one,platform-split=true", ".").expect(0);
    assertThat(context.resolve("one")).isDirectoryContaining("glob:**linux_*");
    run("buildx", "build", both, "--provenance=true", "-o", "type=tar,dest=t.tar", ".").expect(0);
    assertThat(Command.of("tar", "-tf", "t.tar").run(context).expect(0).out().split("\n"))
        .contains("linux_arm64/of", "linux_amd64/provenance.json")
        .doesNotHaveDuplicates();
    run("buildx", "build", "-o", "type=cacheonly", ".").expect(0);
    run("buildx", "build", both, "--metadata-file", "meta", "-t", "many:1", ".").expect(0);
    assertThat(json("meta").at("/containerimage.descriptor/mediaType").textValue())
        .isEqualTo("application/vnd.oci.image.index.v1+json");
  }

  @Test
  void anImageLayoutMayBeAFolder() throws IOException, InterruptedException {
    dockerfile();
    run("buildx", "build", "-t", "folder:1", "-o", "type=oci,tar=false,dest=layout", ".").expect(0);
    Command.of("skopeo", "copy", "oci:layout:1", "dir:copy").run(context).expect(0);
    assertThat(context.resolve("copy/manifest.json")).exists();
    if (Daemon.isKemas()) {
      daemon.ok(
          "kemas",
          "build",
          "-o",
          "type=oci,tar=false,dest=" + context.resolve("own"),
          "-t",
          "folder:1",
          context.toString());
      Command.of("skopeo", "inspect", "oci:own").run(context).expect(0);
    }
  }

  @Test
  void aNameMayHaveTheDigestAndAPushNoTag() throws IOException, InterruptedException {
    Daemon.kemasOnly("the docker driver of buildx refuses push-by-digest");
    dockerfile();
    try (OwnRegistry registry = OwnRegistry.open()) {
      String name = registry.host() + "/bare";
      Path meta = context.resolve("meta");
      daemon.ok(
          "kemas",
          "build",
          "-o",
          "type=image,push=true,push-by-digest=true,name=" + name,
          "--metadata-file",
          meta.toString(),
          context.toString());
      String digest = json("meta").path("containerimage.digest").textValue();
      assertThat(raw("docker://" + name + "@" + digest).path("layers")).isNotEmpty();
      assertThat(
              Command.of("skopeo", "list-tags", "--tls-verify=false", "docker://" + name)
                  .run()
                  .out())
          .doesNotContain("latest");
      assertThat(docker("run", "--rm", name + "@" + digest, "cat", "/made")).isEqualTo("made\n");
      docker("rmi", "-f", name + "@" + digest);
    }
  }
}
