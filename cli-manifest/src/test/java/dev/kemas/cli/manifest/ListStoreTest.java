package dev.kemas.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lists beside the client's configuration, in the form of Docker's command. */
final class ListStoreTest {
  private static final Reference LIST = Reference.parse("reg.example:5000/team/app:1");
  private static final byte[] MANIFEST = "{\"schemaVersion\":2}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  private static Entry entry(String name, String type) {
    Descriptor descriptor =
        Descriptor.of(type, Digest.of(MANIFEST), MANIFEST.length)
            .withPlatform(Platform.of("linux", "arm64"));
    return Entry.of(Reference.parse(name), descriptor, MANIFEST);
  }

  @Test
  void aListIsAFolderAndAnImageAFileUnderDockersNames() throws IOException {
    ListStore store = new ListStore(folder.resolve("manifests"));
    assertThat(store.has(LIST)).isFalse();
    assertThat(store.entries(LIST)).isEmpty();
    Entry oci = entry("reg.example:5000/team/arm:1", MediaType.OCI_MANIFEST);
    Entry docker = entry("ubuntu:24.04", MediaType.DOCKER_MANIFEST);
    store.put(LIST, oci);
    store.put(LIST, docker);
    Path list = folder.resolve("manifests/reg.example-5000_team_app-1");
    assertThat(list.resolve("reg.example-5000_team_arm-1"))
        .content()
        .contains("\"Ref\":\"reg.example:5000/team/arm:1\"", "\"Raw\":\"", "\"OCIManifest\":{")
        .doesNotContain("SchemaV2Manifest");
    assertThat(list.resolve("docker.io_library_ubuntu-24.04"))
        .content()
        .contains("\"SchemaV2Manifest\":{")
        .doesNotContain("OCIManifest");
    assertThat(store.entries(LIST)).containsExactly(docker, oci);
    assertThat(store.entry(LIST, oci.name())).contains(oci);
    assertThat(oci.bytes()).isEqualTo(MANIFEST);
    store.remove(LIST);
    assertThat(list).doesNotExist();
    assertThatThrownBy(() -> store.remove(LIST))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessage("No such manifest: reg.example:5000/team/app:1");
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    ListStore store = new ListStore(folder);
    store.put(LIST, entry("a:1", MediaType.OCI_MANIFEST));
    Path file = folder.resolve("reg.example-5000_team_app-1/docker.io_library_a-1");
    Files.writeString(file, "{");
    assertThatThrownBy(() -> store.entries(LIST))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void whatIsSaidOfAPlatformReplacesOnlyThat() {
    Platform known =
        new Platform("arm", "linux", Optional.of("v7"), Optional.of("1"), List.of("a"));
    assertThat(new Lists.Annotation("arm64", "", "v8", "", List.of()).over(Optional.of(known)))
        .isEqualTo(
            new Platform("arm64", "linux", Optional.of("v8"), Optional.of("1"), List.of("a")));
  }
}
