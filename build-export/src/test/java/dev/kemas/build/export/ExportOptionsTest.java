package dev.kemas.build.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.archive.Compression;
import dev.kemas.fault.Fault;
import dev.kemas.image.Packing;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What clients may say of a place for results. */
final class ExportOptionsTest {
  private static final Platform AMD64 = Platform.of("linux", "amd64");
  private static final Platform ARM64 = Platform.of("linux", "arm64");

  private static ExportOptions.Image image(Map<String, String> options) {
    return (ExportOptions.Image) ExportOptions.parse("image", options);
  }

  private static void refused(
      String type, Map<String, String> options, Class<? extends Fault> fault, String... words) {
    assertThatThrownBy(() -> ExportOptions.parse(type, options))
        .isInstanceOf(fault)
        .hasMessageContainingAll(words);
  }

  @Test
  void anImageIsLeftAsItIsUnlessSomethingIsAskedFor() {
    ExportOptions.Image image = image(Map.of("name", "a:1, b:2", "unpack", "true", "store", ""));
    assertThat(image.names()).containsExactly(Reference.parse("a:1"), Reference.parse("b:2"));
    assertThat(image.form().isPlain()).isTrue();
    assertThat(image.push()).isFalse();
    ExportOptions.Image registry =
        (ExportOptions.Image) ExportOptions.parse("registry", Map.of("name", "r.example/a"));
    assertThat(registry.push()).isTrue();
  }

  @Test
  void compressionIsRead() {
    assertThat(image(Map.of("compression", "zstd", "compression-level", "19")).form().packing())
        .contains(new Packing(Compression.ZSTD, OptionalInt.of(19), false));
    assertThat(image(Map.of("force-compression", "true")).form().packing())
        .contains(new Packing(Compression.GZIP, OptionalInt.empty(), true));
    refused("image", Map.of("compression", "lz4"), Fault.InvalidArgument.class, "lz4", "zstd");
    refused(
        "oci", Map.of("compression", "estargz"), Fault.Unsupported.class, "estargz", "use gzip");
    refused("oci", Map.of("compression-level", "10"), Fault.InvalidArgument.class, "10", "0 to 9");
    refused("oci", Map.of("compression-level", "x"), Fault.InvalidArgument.class, "whole number");
  }

  @Test
  void whatThereIsNotIsRefusedWithWhatThereIs() {
    refused("image", Map.of("nam", "a"), Fault.InvalidArgument.class, "\"nam\"", "name, ", "push");
    refused("local", Map.of("compression", "gzip"), Fault.InvalidArgument.class, "platform-split");
    refused("cacheonly", Map.of("name", "a"), Fault.InvalidArgument.class, "name");
    refused("zip", Map.of(), Fault.InvalidArgument.class, "zip", "cacheonly");
    refused("image", Map.of("push", "perhaps"), Fault.InvalidArgument.class, "perhaps", "push");
    refused("image", Map.of("push", "true"), Fault.InvalidArgument.class, "tag is needed");
    refused("image", Map.of("store", "false"), Fault.Unsupported.class, "store=false");
    refused(
        "image",
        Map.of("registry.insecure", "true"),
        Fault.Unsupported.class,
        "insecure-registries");
    refused(
        "image", Map.of("annotation-lid.x", "y"), Fault.InvalidArgument.class, "index-descriptor");
  }

  @Test
  void annotationsGoToTheirPlaces() {
    Annotations annotations =
        image(
                Map.of(
                    "annotation.a", "all",
                    "annotation-manifest[linux/arm64].a", "arm",
                    "annotation-index.b", "list"))
            .form()
            .annotations();
    assertThat(annotations.at(Annotations.Place.MANIFEST, AMD64)).isEqualTo(Map.of("a", "all"));
    assertThat(annotations.at(Annotations.Place.MANIFEST, ARM64)).isEqualTo(Map.of("a", "arm"));
    assertThat(annotations.at(Annotations.Place.INDEX)).isEqualTo(Map.of("b", "list"));
    assertThatThrownBy(() -> annotations.require(List.of(AMD64, ARM64), false))
        .hasMessageContaining("index annotations not supported for single platform export");
    assertThatThrownBy(() -> annotations.require(List.of(AMD64), true))
        .hasMessageContaining("nothing is built for linux/arm64");
  }

  @Test
  void filesMayBeSplitByPlatform() {
    assertThat(ExportOptions.parse("tar", Map.of("dest", "x", "platform-split", "")))
        .isEqualTo(new ExportOptions.Files(true, Optional.of(true), "", Optional.empty()));
    assertThat(ExportOptions.parse("local", Map.of("source-date-epoch", "7")).epoch())
        .contains(Instant.ofEpochSecond(7));
  }
}
