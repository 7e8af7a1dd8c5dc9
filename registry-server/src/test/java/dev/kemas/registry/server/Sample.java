package dev.kemas.registry.server;

import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** An image that is made up: a configuration, layers of random bytes, a manifest. */
record Sample(byte[] config, List<byte[]> layers, byte[] manifest) {
  static Sample of(long seed, int... sizes) {
    Random random = new Random(seed);
    byte[] config =
        ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]},"
                + "\"config\":{\"Labels\":{\"seed\":\""
                + seed
                + "\"}}}")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    List<byte[]> layers = new java.util.ArrayList<>();
    for (int size : sizes) {
      byte[] layer = new byte[size];
      random.nextBytes(layer);
      layers.add(layer);
    }
    Manifest manifest =
        Manifest.oci(
            Descriptor.of(MediaType.OCI_CONFIG, Digest.of(config), config.length),
            layers.stream()
                .map(l -> Descriptor.of(MediaType.OCI_LAYER, Digest.of(l), l.length))
                .toList());
    return new Sample(config, layers, Json.write(manifest));
  }

  Digest digest() {
    return Digest.of(manifest);
  }

  /** Pushes everything, in one piece each. */
  Sample push(Http http, String name, String reference) throws IOException, InterruptedException {
    blob(http, name, config);
    for (byte[] layer : layers) {
      blob(http, name, layer);
    }
    http.put(
            "/v2/" + name + "/manifests/" + reference,
            manifest,
            "Content-Type",
            MediaType.OCI_MANIFEST)
        .expect(201);
    return this;
  }

  static Digest blob(Http http, String name, byte[] bytes)
      throws IOException, InterruptedException {
    Digest digest = Digest.of(bytes);
    String location = http.post("/v2/" + name + "/blobs/uploads/").expect(202).header("Location");
    String mark = location.contains("?") ? "&" : "?";
    http.put(
            location + mark + "digest=" + digest, bytes, "Content-Type", "application/octet-stream")
        .expect(201);
    return digest;
  }

  /** The same as a folder that skopeo reads: {@code oci:FOLDER:latest}. */
  void layout(Path folder) throws IOException {
    Path blobs = Files.createDirectories(folder.resolve("blobs/sha256"));
    Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    for (byte[] layer : layers) {
      Files.write(blobs.resolve(Digest.of(layer).hex()), layer);
    }
    Files.write(blobs.resolve(Digest.of(config).hex()), config);
    Files.write(blobs.resolve(digest().hex()), manifest);
    Descriptor descriptor =
        Descriptor.of(MediaType.OCI_MANIFEST, digest(), manifest.length)
            .withAnnotation("org.opencontainers.image.ref.name", "latest");
    Files.write(
        folder.resolve("index.json"), Json.write(dev.kemas.oci.Index.oci(List.of(descriptor))));
  }
}
