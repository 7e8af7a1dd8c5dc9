package dev.kemas.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.registry.store.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry on a bucket; and two of them on one. */
class S3DistributionTest extends OwnDistributionContract {
  @TempDir static Path folder;
  private S3Gateway gateway;

  @Override
  Place store() throws IOException {
    if (gateway == null) {
      gateway = S3Gateway.start(folder, "images");
    }
    return gateway.store("s3://images/registry");
  }

  @Override
  void stop() throws Exception {
    super.stop();
    if (gateway != null) {
      gateway.close();
    }
  }

  @Test
  void severalServersShareABucketAndAnUploadWandersBetweenThem() throws Exception {
    byte[] blob = bytes(200, 15_000_000);
    Digest digest = Digest.of(blob);
    try (RegistryServer second =
            RegistryServer.start(ServerConfig.of(loopback(), "Kemas/test", store()));
        Http other = new Http(uri(second))) {
      String location = http.post("/v2/b/wanders/blobs/uploads/").expect(202).header("Location");
      Http[] servers = {http, other};
      int at = 0;
      for (int i = 0; at < blob.length; i++) {
        int end = Math.min(blob.length, at + 4_000_000);
        location =
            servers[i % 2]
                .patch(
                    location,
                    Arrays.copyOfRange(blob, at, end),
                    "Content-Range",
                    at + "-" + (end - 1))
                .expect(202)
                .header("Location");
        at = end;
      }
      http.put(location + "?digest=" + digest, new byte[0]).expect(201);
      assertThat(other.get("/v2/b/wanders/blobs/" + digest).expect(200).bytes()).isEqualTo(blob);
      Sample image = Sample.of(201, 1000).push(other, "b/wanders", "v1");
      assertThat(http.get("/v2/b/wanders/manifests/v1").expect(200).bytes())
          .isEqualTo(image.manifest());
    }
  }

  @Test
  void aTokenOfOneServerIsGoodAtTheOthers() throws Exception {
    Path users =
        Files.writeString(
            folder.resolve("users"),
            "alice:" + BCrypt.withDefaults().hashToString(4, "s3cret".toCharArray()) + "\n");
    ServerConfig config =
        ServerConfig.of(loopback(), "Kemas/test", gateway.store("s3://images/tokens"))
            .with(new ServerConfig.Access(Optional.of(users), Optional.empty(), true));
    try (RegistryServer first = RegistryServer.start(config);
        RegistryServer second = RegistryServer.start(config);
        Http one = new Http(uri(first));
        Http other = new Http(uri(second))) {
      String ask = "/token?offline_token=true&scope=repository:t/app:pull,push";
      String basic = "Basic " + Base64.getEncoder().encodeToString("alice:s3cret".getBytes());
      JsonNode answer =
          Json.mapper().readTree(one.get(ask, "Authorization", basic).expect(200).bytes());
      String bearer = "Bearer " + answer.path("token").asText();
      String location =
          other
              .post("/v2/t/app/blobs/uploads/", "Authorization", bearer)
              .expect(202)
              .header("Location");
      byte[] blob = bytes(202, 100);
      one.patch(location, blob, "Authorization", bearer).expect(202);
      other.put(at(location, Digest.of(blob)), new byte[0], "Authorization", bearer).expect(201);
      String form =
          "grant_type=refresh_token&refresh_token=" + answer.path("refresh_token").asText();
      other
          .send(
              "POST",
              "/token",
              form.getBytes(),
              "Content-Type",
              "application/x-www-form-urlencoded")
          .expect(200);
    }
  }

  @Test
  void whatIsPushedWhileAnotherServerCollectsStays() throws Exception {
    ServerConfig.Limits limits =
        new ServerConfig.Limits(
            OptionalLong.empty(), Duration.ofMillis(20), Duration.ofSeconds(3), Duration.ofDays(7));
    ServerConfig plain =
        ServerConfig.of(loopback(), "Kemas/test", gateway.store("s3://images/collected"));
    try (RegistryServer collecting = RegistryServer.start(plain.with(limits));
        RegistryServer pushing = RegistryServer.start(plain.with(limits));
        Http there = new Http(uri(collecting));
        Http here = new Http(uri(pushing))) {
      for (long i = 0; i < 20; i++) {
        // the same few blobs come, lose their manifests, grow old and come again
        Sample image = Sample.of(300 + i % 2, 2_000).push(here, "c/live", "t" + i);
        for (byte[] layer : image.layers()) {
          assertThat(there.get("/v2/c/live/blobs/" + Digest.of(layer)).expect(200).bytes())
              .isEqualTo(layer);
        }
        there.delete("/v2/c/live/manifests/" + image.digest()).expect(202);
        if (i % 5 == 4) {
          // who asks for a blob renews it: so a look at the bucket, which is a folder
          Path gone =
              folder
                  .resolve("buckets/images/collected/content/blobs/sha256")
                  .resolve(Digest.of(image.layers().getFirst()).hex());
          Wait.until(
              "what nobody needs is collected", Duration.ofSeconds(60), () -> !Files.exists(gone));
        }
      }
    }
  }
}
