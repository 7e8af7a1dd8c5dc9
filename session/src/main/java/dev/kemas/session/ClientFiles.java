package dev.kemas.session;

import dev.kemas.fault.Fault;
import dev.kemas.file.transfer.FileReceiver;
import dev.kemas.file.transfer.FileTarget;
import dev.kemas.grpc.OutgoingCall;
import dev.kemas.synced.folder.Entry;
import dev.kemas.synced.folder.FolderKey;
import dev.kemas.synced.folder.FolderSync;
import dev.kemas.synced.folder.SyncedFolder;
import dev.kemas.synced.folder.SyncedFolders;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The folders that a client offers to a build ({@code moby.filesync.v1.FileSync}). Interrupting a
 * thread that receives ends its call. Safe for several threads.
 */
public final class ClientFiles {
  private static final String METHOD = "/moby.filesync.v1.FileSync/DiffCopy";

  private final Session session;

  /** Those of a client. */
  public ClientFiles(Session session) {
    this.session = session;
  }

  /**
   * Receives what is not here yet of a folder.
   *
   * @param hint tells folders of clients apart that do not do so by their shared key
   * @return to be closed when the build does not read it any more
   * @throws Fault.NotFound when the client offers no folder of that name
   * @throws Fault.Unavailable when the client goes
   */
  public SyncedFolder sync(SyncedFolders folders, FileRequest request, String hint) {
    List<String> selection = new ArrayList<>();
    selection.add("include");
    selection.addAll(request.include());
    selection.add("exclude");
    selection.addAll(request.exclude());
    selection.add("follow");
    selection.addAll(request.follow());
    FolderKey key = new FolderKey(hint + "\n" + session.sharedKey(), request.folder(), selection);
    try (FolderSync sync = folders.begin(key)) {
      receive(request, new Synced(sync));
      return sync.finish();
    }
  }

  /**
   * One small file, links followed within the folder.
   *
   * @return empty when there is none
   * @throws Fault.InvalidArgument when it is larger than any text of this kind
   */
  public Optional<byte[]> small(String folder, String path) {
    SmallFiles files = new SmallFiles();
    receive(new FileRequest(folder, List.of(), List.of(), List.of(path)), files);
    return files.find(path);
  }

  private void receive(FileRequest request, FileTarget target) {
    Map<String, List<String>> metadata =
        new Metadata()
            .with("dir-name", List.of(request.folder()))
            .with("include-patterns", request.include())
            .with("exclude-patterns", request.exclude())
            .with("followpaths", request.follow())
            .map();
    try (OutgoingCall call = session.open(METHOD, metadata)) {
      FileReceiver.receive(call, target);
      call.halfClose();
    }
  }

  /** A synced folder as a target. */
  private record Synced(FolderSync sync) implements FileTarget {
    @Override
    public void announce(Entry entry) {
      sync.announce(entry);
    }

    @Override
    public void announced() {
      sync.announced();
    }

    @Override
    public OptionalLong next() {
      return sync.next();
    }

    @Override
    public void receive(long id, ByteBuffer content) {
      sync.receive(id, content);
    }

    @Override
    public void received(long id) {
      sync.received(id);
    }

    @Override
    public boolean complete() {
      return sync.complete();
    }
  }
}
