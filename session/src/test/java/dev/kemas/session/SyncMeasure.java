package dev.kemas.session;

import dev.kemas.file.transfer.FolderSource;
import dev.kemas.linux.HostCrypto;
import dev.kemas.session.client.Offer;
import dev.kemas.synced.folder.Entry;
import dev.kemas.synced.folder.FolderKey;
import dev.kemas.synced.folder.FolderLimits;
import dev.kemas.synced.folder.FolderSync;
import dev.kemas.synced.folder.SyncedFolder;
import dev.kemas.synced.folder.SyncedFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Measures, and is no test: 10,000 files with 500 MB, client and daemon in one process over a unix
 * socket. Takes an empty folder.
 */
final class SyncMeasure {
  private static final int FILES = 10_000;
  private static final int SIZE = 50_000;
  private static final FolderKey KEY = new FolderKey("measure", "alone", List.of());

  private SyncMeasure() {}

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static void say(String what, long from, Duration cpuBefore) {
    System.out.printf(
        "%-60s %6d ms, %6d ms of the processor%n",
        what, (System.nanoTime() - from) / 1_000_000, cpu().minus(cpuBefore).toMillis());
  }

  public static void main(String[] args) throws Exception {
    HostCrypto.install();
    Path folder = Path.of(args[0]);
    Path context = Files.createDirectories(folder.resolve("context"));
    Random random = new Random(1);
    byte[] content = new byte[SIZE];
    for (int i = 0; i < FILES; i++) {
      random.nextBytes(content);
      Path directory = Files.createDirectories(context.resolve("d" + i % 100));
      Files.write(directory.resolve("f" + i), content);
    }
    try (SyncedFolders folders =
            SyncedFolders.open(
                Files.createDirectories(folder.resolve("kept")),
                FolderLimits.DEFAULT,
                Clock.systemUTC());
        Wire wire = new Wire(new Offer().withFolders(Map.of("context", context)))) {
      ClientFiles files = new ClientFiles(wire.session());
      sync(files, folders, "over the wire: all new");
      for (int i = 0; i < 5; i++) {
        sync(files, folders, "over the wire: nothing changed");
      }
      for (int i = 0; i < 5; i++) {
        Files.writeString(context.resolve("d7/f7"), "changed " + i);
        sync(files, folders, "over the wire: one changed");
      }
      try (SyncedFolder reading = files.sync(folders, FileRequest.all("context"), "")) {
        Files.writeString(context.resolve("d8/f8"), "changed");
        sync(
            files,
            folders,
            "over the wire: one changed while " + reading.received().entries() + " are read");
      }
      alone(context, folders);
    }
  }

  private static void sync(ClientFiles files, SyncedFolders folders, String what) {
    Duration before = cpu();
    long from = System.nanoTime();
    try (SyncedFolder copy = files.sync(folders, FileRequest.all("context"), "")) {
      say(what + " (" + copy.received().files() + " files)", from, before);
    }
  }

  /** What the daemon does of it, without client and wire. */
  private static void alone(Path context, SyncedFolders folders) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (FolderSource source =
        new FolderSource(context, FolderSource.Selection.ALL, FolderSource.Owners.ROOT)) {
      source.walk(entries::add);
    }
    alone(context, folders, entries, "the daemon alone: all new");
    for (int i = 0; i < 5; i++) {
      alone(context, folders, entries, "the daemon alone: nothing changed");
    }
    for (int i = 0; i < 5; i++) {
      Entry old = entries.get(5000);
      entries.set(
          5000,
          new Entry(
              old.path(),
              old.kind(),
              0600 + i,
              0,
              0,
              old.size(),
              old.modified(),
              "",
              old.xattrs()));
      alone(context, folders, entries, "the daemon alone: one changed");
    }
  }

  private static void alone(Path context, SyncedFolders folders, List<Entry> entries, String what)
      throws IOException {
    Duration before = cpu();
    long from = System.nanoTime();
    try (FolderSync sync = folders.begin(KEY)) {
      for (Entry entry : entries) {
        sync.announce(entry);
        send(context, sync, entries);
      }
      sync.announced();
      send(context, sync, entries);
      try (SyncedFolder copy = sync.finish()) {
        say(what + " (" + copy.received().files() + " files)", from, before);
      }
    }
  }

  private static void send(Path context, FolderSync sync, List<Entry> entries) throws IOException {
    for (var id = sync.next(); id.isPresent(); id = sync.next()) {
      byte[] content =
          Files.readAllBytes(context.resolve(entries.get((int) id.getAsLong()).path()));
      sync.receive(id.getAsLong(), java.nio.ByteBuffer.wrap(content));
      sync.received(id.getAsLong());
    }
  }
}
