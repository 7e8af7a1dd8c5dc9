package dev.kemas.synced.folder;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;

/**
 * Receives one state of a folder after the other in a process of its own, to be killed; says each
 * number before it begins.
 */
final class KilledSync {
  static final FolderKey KEY = new FolderKey("client", "context", List.of());
  private static final int FILES = 60;

  private KilledSync() {}

  /** The folder's state of a number: some files are as in the one before, most kinds change. */
  static Client state(int number) {
    Client client = new Client();
    for (int d = 0; d < 3; d++) {
      client.directory("d" + d, number);
    }
    for (int i = 0; i < FILES; i++) {
      // the same content comes back with the same time: what is left of it must not be taken
      int version = new Random(number * 31L + i).nextInt(4);
      String path = "d" + i % 3 + "/f" + i;
      switch (new Random(number * 17L + i).nextInt(8)) {
        case 0 -> client.directory(path, 1).file(path + "/in", "in " + i + version, version);
        case 1 -> client.symlink(path, "target" + version);
        case 2 -> {
          // not there
        }
        default -> client.file(path, ("v" + version).repeat(2000 + i), 100 + version);
      }
    }
    return client;
  }

  public static void main(String[] args) {
    int from = Integer.parseInt(args[1]);
    SyncedFolders folders =
        SyncedFolders.open(Path.of(args[0]), FolderLimits.DEFAULT, Clock.systemUTC());
    for (int number = from; ; number++) {
      System.out.println(number);
      System.out.flush();
      try (FolderSync sync = folders.begin(KEY)) {
        state(number).send(sync).close();
      }
    }
  }
}
