package dev.kemas.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.registry.store.Place;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, and what our registry does beyond the reference implementation. */
abstract class OwnDistributionContract extends DistributionContract {
  private RegistryServer server;
  @TempDir Path work;

  abstract Place store() throws Exception;

  static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  static URI uri(RegistryServer server) {
    return URI.create("http://127.0.0.1:" + server.address().getPort());
  }

  @Override
  URI start() throws Exception {
    server = RegistryServer.start(ServerConfig.of(loopback(), "Kemas/test", store()));
    return uri(server);
  }

  @Override
  void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private String host() {
    return "127.0.0.1:" + server.address().getPort();
  }

  @Test
  void skopeoPushesAndPulls() throws Exception {
    Sample image = Sample.of(100, 20_000_000, 3_000);
    image.layout(work.resolve("in"));
    String there = "docker://" + host() + "/skopeo/image:1";
    Tool.run(
        work,
        "skopeo",
        "copy",
        "--insecure-policy",
        "--preserve-digests",
        "--dest-tls-verify=false",
        "oci:in:latest",
        there);
    assertThat(Tool.run(work, "skopeo", "inspect", "--raw", "--tls-verify=false", there).getBytes())
        .isEqualTo(image.manifest());
    Tool.run(
        work,
        "skopeo",
        "copy",
        "--insecure-policy",
        "--preserve-digests",
        "--src-tls-verify=false",
        there,
        "oci:out:latest");
    for (byte[] layer : image.layers()) {
      assertThat(work.resolve("out/blobs/sha256/" + Digest.of(layer).hex()))
          .hasBinaryContent(layer);
    }
    assertThat(Tool.run(work, "skopeo", "list-tags", "--tls-verify=false", there.replace(":1", "")))
        .contains("\"1\"");
  }

  @Test
  void aChunkAtTheWrongPlaceIsRefusedAndTheUploadStaysUsable() throws Exception {
    byte[] blob = bytes(6, 200);
    byte[] first = java.util.Arrays.copyOfRange(blob, 0, 100);
    byte[] second = java.util.Arrays.copyOfRange(blob, 100, 200);
    String location = http.post("/v2/a/order/blobs/uploads/").expect(202).header("Location");
    http.patch(location, second, "Content-Type", OCTETS, "Content-Range", "100-199").expect(416);
    location =
        http.patch(location, first, "Content-Type", OCTETS, "Content-Range", "0-99")
            .expect(202)
            .header("Location");
    http.patch(location, first, "Content-Type", OCTETS, "Content-Range", "0-99").expect(416);
    http.put(
            at(location, Digest.of(blob)),
            second,
            "Content-Type",
            OCTETS,
            "Content-Range",
            "100-199")
        .expect(201);
  }

  @Test
  void tagsAreListedInPages() throws Exception {
    Sample image = Sample.of(16, 10);
    for (String tag : List.of("b", "a", "d", "c", "e")) {
      image.push(http, "a/tags", tag);
    }
    assertThat(tags("/v2/a/tags/tags/list")).containsExactly("a", "b", "c", "d", "e");
    assertThat(tags("/v2/a/tags/tags/list?n=2&last=b")).containsExactly("c", "d");
  }

  @Test
  void aPartThatIsNotThereIsToldWithTheLength() throws Exception {
    Digest digest = Sample.blob(http, "a/past", bytes(108, 100));
    Http.Answer answer = http.get("/v2/a/past/blobs/" + digest, "Range", "bytes=100-").expect(416);
    assertThat(answer.header("Content-Range")).isEqualTo("bytes */100");
  }

  @Test
  void referrersAreFoundAndFiltered() throws Exception {
    Sample subject = Sample.of(101, 10).push(http, "r/subject", "v1");
    Digest signature = refer("r/subject", subject, "application/vnd.example.signature");
    Digest report = refer("r/subject", subject, "application/vnd.example.report");
    String path = "/v2/r/subject/referrers/" + subject.digest();
    Http.Answer all = http.get(path).expect(200);
    assertThat(all.header("Content-Type")).isEqualTo(MediaType.OCI_INDEX);
    assertThat(all.text()).contains(signature.toString()).contains(report.toString());
    Http.Answer some = http.get(path + "?artifactType=application/vnd.example.report").expect(200);
    assertThat(some.header("OCI-Filters-Applied")).isEqualTo("artifactType");
    assertThat(some.text()).contains(report.toString()).doesNotContain(signature.toString());
    http.delete("/v2/r/subject/manifests/" + report).expect(202);
    assertThat(http.get(path).expect(200).text()).doesNotContain(report.toString());
    assertThat(http.get("/v2/r/subject/referrers/" + Digest.of(new byte[3])).expect(200).text())
        .contains("\"manifests\":[]");
    http.get("/v2/r/subject/referrers/nonsense").expect(400, "DIGEST_INVALID");
  }

  @Test
  void referrersComeInPages() throws Exception {
    Sample subject = Sample.of(110, 10).push(http, "r/pages", "v1");
    Set<String> said = new TreeSet<>();
    for (String kind : List.of("a", "b", "c", "a+x", "a+x")) {
      said.add(
          refer("r/pages", subject, "application/vnd.example." + kind, said.size()).toString());
    }
    String path = "/v2/r/pages/referrers/" + subject.digest();
    assertThat(http.get(path + "?n=5").expect(200).header("Link")).isEmpty();
    Set<String> seen = new TreeSet<>();
    String next = path + "?n=2";
    for (int page = 0; page < 3; page++) {
      Http.Answer answer = http.get(next).expect(200);
      answer.json().path("manifests").forEach(m -> seen.add(m.path("digest").asText()));
      String link = answer.header("Link");
      assertThat(link.isEmpty()).isEqualTo(page == 2);
      next = link.replaceAll("<(.*)>; rel=\"next\"", "$1");
    }
    assertThat(seen).isEqualTo(said);
    Http.Answer one =
        http.get(path + "?n=1&artifactType=application/vnd.example.a%2Bx").expect(200);
    assertThat(one.header("OCI-Filters-Applied")).isEqualTo("artifactType");
    Http.Answer two =
        http.get(one.header("Link").replaceAll("<(.*)>; rel=\"next\"", "$1")).expect(200);
    assertThat(two.header("OCI-Filters-Applied")).isEqualTo("artifactType");
    assertThat(two.header("Link")).isEmpty();
    assertThat(two.json().path("manifests").path(0).path("artifactType").asText())
        .isEqualTo("application/vnd.example.a+x");
    http.get(path + "?last=nonsense").expect(400, "DIGEST_INVALID");
  }

  private Digest refer(String name, Sample subject, String type) throws Exception {
    return refer(name, subject, type, 0);
  }

  private Digest refer(String name, Sample subject, String type, int number) throws Exception {
    Digest empty = Sample.blob(http, name, "{}".getBytes());
    Manifest manifest =
        new Manifest(
            2,
            Optional.of(MediaType.OCI_MANIFEST),
            Optional.of(type),
            Descriptor.of("application/vnd.oci.empty.v1+json", empty, 2),
            List.of(),
            Optional.of(
                Descriptor.of(MediaType.OCI_MANIFEST, subject.digest(), subject.manifest().length)),
            Map.of("made.by", "test " + number));
    byte[] bytes = Json.write(manifest);
    Http.Answer pushed =
        http.put(
                "/v2/" + name + "/manifests/" + Digest.of(bytes),
                bytes,
                "Content-Type",
                MediaType.OCI_MANIFEST)
            .expect(201);
    assertThat(pushed.header("OCI-Subject")).isEqualTo(subject.digest().toString());
    return Digest.of(bytes);
  }

  @Test
  void aTagIsDeletedAlone() throws Exception {
    Sample image = Sample.of(102, 10).push(http, "a/untag", "one").push(http, "a/untag", "two");
    http.delete("/v2/a/untag/manifests/one").expect(202);
    assertThat(tags("/v2/a/untag/tags/list")).containsExactly("two");
    http.get("/v2/a/untag/manifests/" + image.digest()).expect(200);
  }

  @Test
  void aPageSaysWhereTheListGoesOn() throws Exception {
    Sample image = Sample.of(103, 10);
    for (String tag : List.of("1", "2", "3")) {
      image.push(http, "a/pages", tag);
    }
    Http.Answer page = http.get("/v2/a/pages/tags/list?n=2").expect(200);
    assertThat(page.header("Link")).isEqualTo("</v2/a/pages/tags/list?n=2&last=2>; rel=\"next\"");
    assertThat(http.get("/v2/a/pages/tags/list?n=3").expect(200).header("Link")).isEmpty();
    assertThat(tags("/v2/a/pages/tags/list?n=0")).isEmpty();
    http.get("/v2/a/pages/tags/list?n=x").expect(400, "PAGINATION_NUMBER_INVALID");
    assertThat(http.get("/v2/_catalog").expect(200).text()).contains("\"a/pages\"");
  }

  @Test
  void aWholeBlobComesWithOnePost() throws Exception {
    byte[] blob = bytes(104, 777);
    Digest digest = Digest.of(blob);
    Http.Answer created =
        http.send("POST", "/v2/a/one/blobs/uploads/?digest=" + digest, blob).expect(201);
    assertThat(http.get(created.header("Location")).expect(200).bytes()).isEqualTo(blob);
  }

  @Test
  void otherDigestsThanSha256Work() throws Exception {
    byte[] blob = bytes(105, 5_000);
    Digest digest =
        new Digest(
            "sha512",
            java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-512").digest(blob)));
    http.send("POST", "/v2/a/sha512/blobs/uploads/?digest=" + digest, blob).expect(201);
    assertThat(http.get("/v2/a/sha512/blobs/" + digest).expect(200).bytes()).isEqualTo(blob);
  }

  @Test
  void whatTheClientHasIsNotSentAgain() throws Exception {
    byte[] blob = bytes(106, 500);
    Digest digest = Sample.blob(http, "a/etag", blob);
    String etag = http.head("/v2/a/etag/blobs/" + digest).expect(200).header("ETag");
    http.get("/v2/a/etag/blobs/" + digest, "If-None-Match", etag).expect(304);
    Http.Answer other =
        http.get("/v2/a/etag/blobs/" + digest, "Range", "bytes=0-9", "If-Range", "\"x\"");
    assertThat(other.expect(200).bytes()).isEqualTo(blob);
  }

  @Test
  void aManifestHasABound() throws Exception {
    byte[] large = new byte[(4 << 20) + 1];
    Arrays.fill(large, (byte) ' ');
    http.put("/v2/a/large/manifests/v1", large, "Content-Type", MediaType.OCI_MANIFEST)
        .expect(413, "SIZE_INVALID");
  }

  @Test
  void aMediaTypeThatIsNoManifestIsRefused() throws Exception {
    Sample image = Sample.of(107, 10).push(http, "a/type", "v1");
    http.put("/v2/a/type/manifests/v2", image.manifest(), "Content-Type", MediaType.OCI_INDEX)
        .expect(400, "MANIFEST_INVALID");
    http.put("/v2/a/type/manifests/v2", image.manifest(), "Content-Type", "text/plain")
        .expect(400, "MANIFEST_INVALID");
  }
}
