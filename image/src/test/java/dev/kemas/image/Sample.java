package dev.kemas.image;

import dev.kemas.archive.Compression;
import dev.kemas.archive.TarEntry;
import dev.kemas.archive.TarWriter;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.ProcessDefaults;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Small images and archives of them, made byte by byte. */
final class Sample {
  static final Instant TIME = Instant.parse("2024-05-06T07:08:09Z");

  private Sample() {}

  /** A tar archive of files. */
  static byte[] tar(Map<String, byte[]> files) {
    try (ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        tar.put(
            TarEntry.file(file.getKey(), 0644, file.getValue().length, TIME),
            new ByteArrayInputStream(file.getValue()));
      }
      tar.finish();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] layer(String name, String content) {
    return tar(Map.of(name, content.getBytes(StandardCharsets.UTF_8)));
  }

  static byte[] compress(byte[] bytes, Compression compression) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream packed = compression.compress(out)) {
      packed.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static ImageConfig config(byte[]... layers) {
    List<Digest> diffIds = new ArrayList<>();
    List<ImageConfig.History> history = new ArrayList<>();
    for (byte[] layer : layers) {
      diffIds.add(Digest.of(layer));
      history.add(
          new ImageConfig.History(
              Optional.empty(),
              Optional.of("made by hand"),
              Optional.empty(),
              Optional.empty(),
              false));
    }
    return new ImageConfig(
        Optional.of(TIME.atOffset(java.time.ZoneOffset.UTC)),
        Optional.empty(),
        "amd64",
        "linux",
        Optional.empty(),
        Optional.empty(),
        Optional.of(ProcessDefaults.NONE),
        ImageConfig.RootFs.of(diffIds),
        history,
        Optional.empty());
  }

  /** An archive as docker before 25 writes it: folders of layers, then the documents. */
  static Map<String, byte[]> docker(String tag, byte[] config, byte[]... layers) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < layers.length; i++) {
      String name = "layer-" + i + "/layer.tar";
      names.add(name);
      files.put(name, layers[i]);
    }
    String configName = Digest.of(config).hex() + ".json";
    files.put(configName, config);
    files.put(
        "manifest.json",
        Json.write(
            List.of(new SavedImage(configName, tag.isEmpty() ? List.of() : List.of(tag), names))));
    return files;
  }

  /** An OCI layout. */
  static Map<String, byte[]> oci(String name, byte[] config, String layerType, byte[]... blobs) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    List<Descriptor> layers = new ArrayList<>();
    for (byte[] blob : blobs) {
      files.put(blob(blob), blob);
      layers.add(Descriptor.of(layerType, Digest.of(blob), blob.length));
    }
    files.put(blob(config), config);
    byte[] manifest =
        Json.write(
            Manifest.oci(
                Descriptor.of(MediaType.OCI_CONFIG, Digest.of(config), config.length), layers));
    files.put(blob(manifest), manifest);
    Descriptor entry =
        Descriptor.of(MediaType.OCI_MANIFEST, Digest.of(manifest), manifest.length)
            .withAnnotation("org.opencontainers.image.ref.name", name);
    files.put("index.json", Json.write(dev.kemas.oci.Index.oci(List.of(entry))));
    files.put("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
    return files;
  }

  static String blob(byte[] bytes) {
    return "blobs/sha256/" + Digest.of(bytes).hex();
  }
}
