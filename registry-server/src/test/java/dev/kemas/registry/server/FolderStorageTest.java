package dev.kemas.registry.server;

import dev.kemas.registry.store.Place;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FolderStorageTest extends StorageContract {
  @TempDir Path folder;

  @Override
  Place place() {
    return new Place.Folder(folder.resolve("registry"));
  }
}
