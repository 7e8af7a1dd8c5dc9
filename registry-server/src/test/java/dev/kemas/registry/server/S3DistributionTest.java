package dev.kemas.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.oci.Digest;
import dev.kemas.registry.store.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
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
}
