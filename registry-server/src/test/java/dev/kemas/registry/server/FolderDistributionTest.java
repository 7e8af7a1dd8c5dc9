package dev.kemas.registry.server;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The registry on a folder. */
class FolderDistributionTest extends OwnDistributionContract {
  @TempDir static Path folder;

  @Override
  ServerConfig.Store store() {
    return new ServerConfig.Store.Folder(folder.resolve("registry"));
  }
}
