package dev.kemas.registry.server;

import dev.kemas.registry.store.Place;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The registry on a folder. */
class FolderDistributionTest extends OwnDistributionContract {
  @TempDir static Path folder;

  @Override
  Place store() {
    return new Place.Folder(folder.resolve("registry"));
  }
}
