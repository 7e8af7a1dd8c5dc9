package dev.kemas.registry.server;

import dev.kemas.registry.store.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class S3StorageTest extends StorageContract {
  @TempDir static Path folder;
  private static S3Gateway gateway;
  private final String prefix = UUID.randomUUID().toString();

  @BeforeAll
  static void start() throws IOException {
    gateway = S3Gateway.start(folder, "storage");
  }

  @AfterAll
  static void stop() throws IOException {
    if (gateway != null) {
      gateway.close();
    }
  }

  @Override
  Place place() {
    return gateway.store("s3://storage/" + prefix);
  }
}
