package dev.kemas.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * The registry beside docker-registry: the same bytes over the same kind of connection, from one
 * client that does next to nothing.
 */
final class RegistryBench implements AutoCloseable {
  private static final int BLOB_MEGABYTES = 256;
  private static final int LARGE_MEGABYTES = 4096;
  private static final int READERS = 4;
  private static final int REQUESTS = 4000;
  private static final int CONNECTIONS = 8;

  /** What {@code docker push} sends at once. */
  private static final int CHUNK = 32 * 1024;

  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  private final List<Registry> registries = new ArrayList<>();
  private final int rounds;
  private final ByteBuffer block = ByteBuffer.allocateDirect(1 << 20);
  private long blobs;

  RegistryBench(Path distribution, Path scratch, int rounds) throws IOException {
    this.rounds = Math.min(rounds, 7);
    Path folder = Files.createDirectories(scratch.resolve("registries"));
    registries.add(Registry.kemas(distribution, folder));
    if (Registry.referenceInstalled()) {
      registries.add(Registry.reference(folder, Registry.freePort()));
    }
    byte[] random = new byte[block.capacity()];
    new Random(11).nextBytes(random);
    block.put(random).flip();
  }

  void addTo(Report report) {
    report.add(uploads());
    String blob = downloads(report);
    report.add(manifests(blob));
    String large = digest(-1, LARGE_MEGABYTES);
    for (Registry registry : registries) {
      upload(registry, -1, LARGE_MEGABYTES, large);
      atOnce(READERS, () -> download(registry, large));
      report.fact(
          registry.name() + ": most memory, after a blob of 4 GiB came and went to four at once",
          "%.0f MB".formatted(registry.peakBytes() / 1e6));
    }
  }

  private String downloads(Report report) {
    String blob = digest(0, BLOB_MEGABYTES);
    registries.forEach(registry -> upload(registry, 0, BLOB_MEGABYTES, blob));
    report.add(downloads("registry: download of a 256 MB blob", blob, () -> {}));
    Path caches = Path.of("/proc/sys/vm/drop_caches");
    if (Files.isWritable(caches)) {
      report.add(downloads("registry: the same from the disk", blob, () -> dropPages(caches)));
    }
    return blob;
  }

  private interface Work {
    void run() throws IOException;
  }

  private static double time(Work work) {
    long start = System.nanoTime();
    run(work);
    return (System.nanoTime() - start) / 1e6;
  }

  private static void run(Work work) {
    try {
      work.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Measure each(String what, java.util.function.Function<Registry, DoubleSupplier> clock) {
    Measure measure = new Measure(what);
    registries.forEach(registry -> measure.on(registry.name(), clock.apply(registry)));
    return measure.run(rounds);
  }

  /** A block of the blob of this number; the first differs from blob to blob. */
  private ByteBuffer block(long number, int at) {
    if (at > 0) {
      return block.duplicate();
    }
    ByteBuffer first = ByteBuffer.allocateDirect(block.capacity()).put(block.duplicate());
    return first.putLong(0, number).flip();
  }

  private String digest(long number, int megabytes) {
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      for (int i = 0; i < megabytes; i++) {
        hash.update(block(number, i));
      }
      return "sha256:" + HexFormat.of().formatHex(hash.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Measure uploads() {
    return each(
        "registry: upload of a 256 MB blob, as docker push does it",
        registry ->
            () -> {
              long number = ++blobs;
              String digest = digest(number, BLOB_MEGABYTES);
              return time(() -> upload(registry, number, BLOB_MEGABYTES, digest));
            });
  }

  private void upload(Registry registry, long number, int megabytes, String digest) {
    run(() -> {
      try (Wire wire = Wire.to(registry.port())) {
        wire.send("POST", "/v2/bench/blobs/uploads/", "Content-Length: 0\r\n");
        String place = path(wire.expect(202));
        wire.send(
            "PATCH",
            place,
            "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n");
        for (int i = 0; i < megabytes; i++) {
          ByteBuffer bytes = block(number, i);
          for (int at = 0; at < bytes.capacity(); at += CHUNK) {
            wire.send(text("8000\r\n"));
            wire.send(bytes.slice(at, CHUNK));
            wire.send(text("\r\n"));
          }
        }
        wire.send(text("0\r\n\r\n"));
        close(wire, path(wire.expect(202)), digest, "Content-Length: 0\r\n");
      }
    });
  }

  private static void close(Wire wire, String place, String digest, String head, ByteBuffer... body)
      throws IOException {
    String digestAt = (place.contains("?") ? "&" : "?") + "digest=" + digest;
    wire.send("PUT", place + digestAt, head, body);
    wire.skip(wire.expect(201));
  }

  private static String path(Wire.Answer answer) {
    String location = answer.header("location").orElseThrow();
    return location.substring(location.indexOf("/v2/"));
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private Measure downloads(String what, String digest, Runnable before) {
    return each(
        what,
        registry ->
            () -> {
              before.run();
              return time(() -> download(registry, digest));
            });
  }

  private static void download(Registry registry, String digest) throws IOException {
    try (Wire wire = Wire.to(registry.port())) {
      wire.send("GET", "/v2/bench/blobs/" + digest, "");
      wire.skip(wire.expect(200));
    }
  }

  private static void dropPages(Path caches) {
    Shell.run(List.of("sync"));
    run(() -> Files.writeString(caches, "1"));
  }

  private Measure manifests(String layer) {
    byte[] config = "{}".getBytes(StandardCharsets.US_ASCII);
    String configDigest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s",
         "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":2},
         "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":%d}]}
        """
            .formatted(MANIFEST, configDigest, layer, (long) BLOB_MEGABYTES << 20);
    for (Registry registry : registries) {
      run(() -> {
        try (Wire wire = Wire.to(registry.port())) {
          wire.send("POST", "/v2/bench/blobs/uploads/", "Content-Length: 0\r\n");
          String place = path(wire.expect(202));
          String octets = "Content-Type: application/octet-stream\r\nContent-Length: 2\r\n";
          close(wire, place, configDigest, octets, ByteBuffer.wrap(config));
          wire.send(
              "PUT",
              "/v2/bench/manifests/v1",
              "Content-Type: " + MANIFEST + "\r\nContent-Length: " + manifest.length() + "\r\n",
              text(manifest));
          wire.skip(wire.expect(201));
        }
      });
    }
    return each(
        "registry: 4,000 manifests over 8 connections",
        registry -> () -> time(() -> atOnce(CONNECTIONS, () -> ask(registry))));
  }

  private static void ask(Registry registry) throws IOException {
    try (Wire wire = Wire.to(registry.port())) {
      for (int i = 0; i < REQUESTS / CONNECTIONS; i++) {
        wire.send("GET", "/v2/bench/manifests/v1", "Accept: " + MANIFEST + "\r\n");
        wire.skip(wire.expect(200));
      }
    }
  }

  private static void atOnce(int count, Work work) {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < count; i++) {
      threads.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((t, e) -> failures.add(e))
              .start(() -> run(work)));
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException(failures.getFirst());
    }
  }

  @Override
  public void close() {
    registries.forEach(Registry::close);
  }
}
