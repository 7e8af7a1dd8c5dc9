package dev.kemas.daemon.buildkit;

import dev.kemas.build.Cancellation;
import dev.kemas.build.Context;
import dev.kemas.build.files.FileDigests;
import dev.kemas.session.ClientFiles;
import dev.kemas.session.FileRequest;
import dev.kemas.synced.folder.SyncedFolder;
import dev.kemas.synced.folder.SyncedFolders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;

/** A folder of a client, received when it is asked for. */
final class ClientContext implements Context {
  private final ClientFiles client;
  private final SyncedFolders folders;
  private final String name;
  private final Queue<AutoCloseable> held;
  private final Map<String, Optional<String>> texts = new ConcurrentHashMap<>();
  private final Map<Wanted, Files> received = new ConcurrentHashMap<>();

  /**
   * @param held takes what must be closed after the build
   */
  ClientContext(ClientFiles client, SyncedFolders folders, String name, Queue<AutoCloseable> held) {
    this.client = client;
    this.folders = folders;
    this.name = name;
    this.held = held;
  }

  @Override
  public Optional<String> text(String path) {
    return texts.computeIfAbsent(
        path,
        wanted ->
            client.small(name, wanted).map(bytes -> new String(bytes, StandardCharsets.UTF_8)));
  }

  @Override
  public Files files(Wanted wanted, Cancellation cancelled) {
    return received.computeIfAbsent(wanted, missing -> receive(missing, cancelled));
  }

  private Files receive(Wanted wanted, Cancellation cancelled) {
    cancelled.check();
    Thread receiver = Thread.currentThread();
    try (Cancellation.Registration _ = cancelled.onCancel(receiver::interrupt)) {
      SyncedFolder folder =
          client.sync(
              folders, new FileRequest(name, List.of(), wanted.excludes(), wanted.paths()), "");
      held.add(folder);
      return new Files(folder.root(), new FileDigests(folder::digest), true);
    }
  }
}
