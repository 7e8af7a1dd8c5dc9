package dev.kemas.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What the distribution specification asks of every registry. Run over each store of ours and over
 * the reference implementation. Each test has a repository of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DistributionContract {
  protected static final String OCTETS = "application/octet-stream";
  protected Http http;

  /** Starts the registry. */
  abstract URI start() throws Exception;

  abstract void stop() throws Exception;

  @BeforeAll
  void open() throws Exception {
    http = new Http(start());
  }

  @AfterAll
  void close() throws Exception {
    if (http != null) {
      http.close();
    }
    stop();
  }

  protected static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  protected static String at(String location, Digest digest) {
    return location + (location.contains("?") ? "&" : "?") + "digest=" + digest;
  }

  @Test
  void theApiIsThere() throws Exception {
    http.get("/v2/").expect(200);
  }

  @Test
  void aPushedImageComesBackToTheByte() throws Exception {
    Sample image = Sample.of(1, 100_000, 5_000_000).push(http, "a/image", "v1");
    Http.Answer manifest =
        http.get("/v2/a/image/manifests/v1", "Accept", MediaType.OCI_MANIFEST).expect(200);
    assertThat(manifest.bytes()).isEqualTo(image.manifest());
    assertThat(manifest.header("Content-Type")).isEqualTo(MediaType.OCI_MANIFEST);
    assertThat(manifest.header("Docker-Content-Digest")).isEqualTo(image.digest().toString());
    for (byte[] layer : image.layers()) {
      Http.Answer blob = http.get("/v2/a/image/blobs/" + Digest.of(layer)).expect(200);
      assertThat(blob.bytes()).isEqualTo(layer);
    }
    Http.Answer head =
        http.head("/v2/a/image/manifests/" + image.digest(), "Accept", MediaType.OCI_MANIFEST)
            .expect(200);
    assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(image.manifest().length));
  }

  @Test
  void aBlobTellsItsLengthAndDigest() throws Exception {
    byte[] blob = bytes(2, 1000);
    Digest digest = Sample.blob(http, "a/head", blob);
    Http.Answer head = http.head("/v2/a/head/blobs/" + digest).expect(200);
    assertThat(head.header("Content-Length")).isEqualTo("1000");
    assertThat(head.header("Docker-Content-Digest")).isEqualTo(digest.toString());
    http.head("/v2/a/head/blobs/" + Digest.of(bytes(3, 5))).expect(404);
    http.get("/v2/a/head/blobs/" + Digest.of(bytes(3, 5))).expect(404, "BLOB_UNKNOWN");
  }

  @Test
  void aPartOfABlobIsSentAlone() throws Exception {
    byte[] blob = bytes(4, 10_000);
    Digest digest = Sample.blob(http, "a/range", blob);
    String path = "/v2/a/range/blobs/" + digest;
    Http.Answer middle = http.get(path, "Range", "bytes=100-199").expect(206);
    assertThat(middle.bytes()).isEqualTo(java.util.Arrays.copyOfRange(blob, 100, 200));
    assertThat(middle.header("Content-Range")).isEqualTo("bytes 100-199/10000");
    assertThat(http.get(path, "Range", "bytes=9990-").expect(206).bytes()).hasSize(10);
    assertThat(http.get(path, "Range", "bytes=-7").expect(206).bytes())
        .isEqualTo(java.util.Arrays.copyOfRange(blob, 9993, 10_000));
  }

  @Test
  void anUploadInChunksGoesOnWhereItWas() throws Exception {
    byte[] blob = bytes(5, 3_000);
    String location = http.post("/v2/a/chunks/blobs/uploads/").expect(202).header("Location");
    for (int at = 0; at < 3_000; at += 1_000) {
      Http.Answer chunk =
          http.patch(
                  location,
                  java.util.Arrays.copyOfRange(blob, at, at + 1_000),
                  "Content-Type",
                  OCTETS,
                  "Content-Range",
                  at + "-" + (at + 999))
              .expect(202);
      assertThat(chunk.header("Range")).isEqualTo("0-" + (at + 999));
      location = chunk.header("Location");
      assertThat(http.get(location).expect(204).header("Range")).isEqualTo("0-" + (at + 999));
    }
    Http.Answer created = http.put(at(location, Digest.of(blob)), new byte[0]).expect(201);
    assertThat(created.header("Docker-Content-Digest")).isEqualTo(Digest.of(blob).toString());
    assertThat(http.get("/v2/a/chunks/blobs/" + Digest.of(blob)).expect(200).bytes())
        .isEqualTo(blob);
  }

  @Test
  void whatIsNotWhatItsDigestSaysNeverAppears() throws Exception {
    Digest other = Digest.of(bytes(7, 10));
    String location = http.post("/v2/a/wrong/blobs/uploads/").expect(202).header("Location");
    http.put(at(location, other), bytes(8, 10), "Content-Type", OCTETS)
        .expect(400, "DIGEST_INVALID");
    http.get("/v2/a/wrong/blobs/" + other).expect(404);
  }

  @Test
  void anUploadCanBeCancelled() throws Exception {
    String location = http.post("/v2/a/cancel/blobs/uploads/").expect(202).header("Location");
    http.delete(location).expect(204);
    http.get(location).expect(404, "BLOB_UPLOAD_UNKNOWN");
  }

  @Test
  void aBlobIsMountedFromAnotherRepository() throws Exception {
    byte[] blob = bytes(9, 50);
    Digest digest = Sample.blob(http, "a/from", blob);
    http.get("/v2/a/to/blobs/" + digest).expect(404);
    http.post("/v2/a/to/blobs/uploads/?mount=" + digest + "&from=a/from").expect(201);
    assertThat(http.get("/v2/a/to/blobs/" + digest).expect(200).bytes()).isEqualTo(blob);
    http.post("/v2/a/to/blobs/uploads/?mount=" + Digest.of(bytes(10, 5)) + "&from=a/from")
        .expect(202);
  }

  @Test
  void aManifestWhoseBlobsAreMissingIsRefused() throws Exception {
    Sample image = Sample.of(11, 10);
    Http.Answer answer =
        http.put(
            "/v2/a/missing/manifests/v1", image.manifest(), "Content-Type", MediaType.OCI_MANIFEST);
    assertThat(answer.status()).isIn(400, 404);
    assertThat(answer.text()).contains("\"code\":\"MANIFEST_BLOB_UNKNOWN\"");
    http.get("/v2/a/missing/manifests/v1").expect(404, "MANIFEST_UNKNOWN");
  }

  @Test
  void aManifestUnderAnotherDigestIsRefused() throws Exception {
    Sample image = Sample.of(12, 10).push(http, "a/digest", "v1");
    http.put(
            "/v2/a/digest/manifests/" + Digest.of(bytes(13, 3)),
            image.manifest(),
            "Content-Type",
            MediaType.OCI_MANIFEST)
        .expect(400, "DIGEST_INVALID");
  }

  @Test
  void whatIsNoManifestIsRefused() throws Exception {
    http.put(
            "/v2/a/none/manifests/v1",
            "{\"schemaVersion\":2".getBytes(StandardCharsets.UTF_8),
            "Content-Type",
            MediaType.OCI_MANIFEST)
        .expect(400, "MANIFEST_INVALID");
  }

  @Test
  void anIndexNamesItsManifests() throws Exception {
    Sample one = Sample.of(14, 10).push(http, "a/index", "one");
    Sample two = Sample.of(15, 10).push(http, "a/index", "two");
    byte[] index =
        Json.write(
            dev.kemas.oci.Index.oci(
                List.of(
                    dev.kemas.oci.Descriptor.of(
                        MediaType.OCI_MANIFEST, one.digest(), one.manifest().length),
                    dev.kemas.oci.Descriptor.of(
                        MediaType.OCI_MANIFEST, two.digest(), two.manifest().length))));
    http.put("/v2/a/index/manifests/all", index, "Content-Type", MediaType.OCI_INDEX).expect(201);
    Http.Answer answer =
        http.get("/v2/a/index/manifests/all", "Accept", MediaType.OCI_INDEX).expect(200);
    assertThat(answer.bytes()).isEqualTo(index);
    assertThat(answer.header("Content-Type")).isEqualTo(MediaType.OCI_INDEX);
  }

  @Test
  void tagsAreListed() throws Exception {
    Sample image = Sample.of(16, 10);
    for (String tag : List.of("b", "a", "c")) {
      image.push(http, "a/list", tag);
    }
    assertThat(tags("/v2/a/list/tags/list")).containsExactlyInAnyOrder("a", "b", "c");
    http.get("/v2/a/nothing/tags/list").expect(404, "NAME_UNKNOWN");
  }

  protected List<String> tags(String path) throws IOException, InterruptedException {
    JsonNode tree = Json.mapper().readTree(http.get(path).expect(200).bytes());
    List<String> tags = new ArrayList<>();
    tree.path("tags").forEach(tag -> tags.add(tag.asText()));
    return tags;
  }

  @Test
  void aDeletedManifestIsGone() throws Exception {
    Sample image = Sample.of(17, 10).push(http, "a/delete", "v1");
    http.delete("/v2/a/delete/manifests/" + image.digest()).expect(202);
    http.get("/v2/a/delete/manifests/" + image.digest()).expect(404, "MANIFEST_UNKNOWN");
    http.get("/v2/a/delete/manifests/v1").expect(404, "MANIFEST_UNKNOWN");
    http.delete("/v2/a/delete/manifests/" + image.digest()).expect(404, "MANIFEST_UNKNOWN");
  }

  @Test
  void aDeletedBlobIsGoneFromThisRepositoryOnly() throws Exception {
    byte[] blob = bytes(18, 30);
    Digest digest = Sample.blob(http, "a/keeps", blob);
    Sample.blob(http, "a/drops", blob);
    http.delete("/v2/a/drops/blobs/" + digest).expect(202);
    http.get("/v2/a/drops/blobs/" + digest).expect(404);
    assertThat(http.get("/v2/a/keeps/blobs/" + digest).expect(200).bytes()).isEqualTo(blob);
  }

  @Test
  void badNamesAndDigestsAreToldApart() throws Exception {
    http.get("/v2/a/bad/blobs/sha256:abc").expect(400, "DIGEST_INVALID");
    assertThat(http.get("/v2/A/bad/tags/list").status()).isIn(400, 404);
    assertThat(http.get("/v2/../etc/passwd/tags/list").status()).isIn(400, 404, 301);
  }
}
