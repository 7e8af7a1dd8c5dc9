package dev.kemas.buildkit;

import com.google.protobuf.ByteString;
import dev.kemas.build.Built;
import dev.kemas.build.Export;
import dev.kemas.build.Workspaces;
import dev.kemas.buildkit.wire.Files;
import dev.kemas.buildkit.wire.Gateway;
import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A look into the files of a result, for a client's own program. Nothing outside of the result is
 * seen, whatever its symbolic links say. One use.
 */
final class ResultFiles<T> implements Export {
  /** A message has no room for more. */
  private static final int LARGEST = 12 << 20;

  private final Function<RootDir, T> look;
  private @Nullable T seen;

  private ResultFiles(Function<RootDir, T> look) {
    this.look = look;
  }

  /** Builds what is asked about, which the cache knows mostly, and looks. */
  private static <T> T look(Job job, Function<RootDir, T> look) {
    ResultFiles<T> files = new ResultFiles<>(look);
    job.look(files);
    T seen = files.seen;
    if (seen == null) {
      throw new Fault.Internal("a result was not looked at");
    }
    return seen;
  }

  @Override
  public String title() {
    return "reading files of the result";
  }

  @Override
  public Map<String, String> deliver(Delivery delivery) {
    Built built = delivery.results().getFirst();
    built.unchanged().ifPresent(delivery.workspaces()::unpack);
    try (Workspaces.View view = delivery.workspaces().view(built.chainId());
        RootDir root = RootDir.open(view.root())) {
      seen = look.apply(root);
    }
    return Map.of();
  }

  static Gateway.ReadFileResponse read(Job job, Gateway.ReadFileRequest request) {
    long offset = request.getRange().getOffset();
    long length = request.getRange().getLength();
    return look(
        job,
        root -> {
          Stat stat = require(root, request.getFilePath());
          long left = Math.max(0, stat.size() - offset);
          long wanted = length > 0 ? Math.min(length, left) : left;
          if (wanted > LARGEST) {
            throw new Fault.ResourceExhausted(
                "%s has %d bytes: read it in parts of at most %d"
                    .formatted(request.getFilePath(), wanted, LARGEST));
          }
          ByteBuffer content = ByteBuffer.allocate((int) wanted);
          try (OpenFile file = root.openForRead(request.getFilePath())) {
            skip(file, offset);
            boolean more = true;
            while (more && content.hasRemaining()) {
              more = file.read(content) >= 0;
            }
          }
          return Gateway.ReadFileResponse.newBuilder()
              .setData(ByteString.copyFrom(content.flip()))
              .build();
        });
  }

  private static void skip(OpenFile file, long offset) {
    long left = offset;
    ByteBuffer piece = ByteBuffer.allocate(64 * 1024);
    while (left > 0) {
      piece.clear().limit((int) Math.min(piece.capacity(), left));
      int read = file.read(piece);
      if (read < 0) {
        return;
      }
      left -= read;
    }
  }

  static Gateway.ReadDirResponse list(Job job, Gateway.ReadDirRequest request) {
    String wanted = request.getIncludePattern();
    IgnoreFile included = IgnoreFile.of(wanted.isEmpty() ? List.of() : List.of(wanted));
    return look(
        job,
        root -> {
          Gateway.ReadDirResponse.Builder all = Gateway.ReadDirResponse.newBuilder();
          try (Directory folder = root.openDirectory(request.getDirPath())) {
            folder.list().stream()
                .map(Directory.Entry::name)
                .sorted()
                .filter(name -> wanted.isEmpty() || included.ignores(name))
                .forEach(name ->
                    folder.stat(name).ifPresent(stat -> all.addEntries(told(folder, name, stat))));
          }
          return all.build();
        });
  }

  static Gateway.StatFileResponse stat(Job job, Gateway.StatFileRequest request) {
    return look(
        job,
        root -> {
          Stat stat = require(root, request.getPath());
          RootDir.Place place = root.at(request.getPath());
          String name = place.name();
          return Gateway.StatFileResponse.newBuilder()
              .setStat(told(place.directory(), name, stat))
              .build();
        });
  }

  private static Stat require(RootDir root, String path) {
    Optional<Stat> stat = root.stat(path);
    return stat.orElseThrow(
        () -> new Fault.NotFound("file", path, "lstat %s: no such file".formatted(path)));
  }

  private static Files.Stat told(Directory folder, String name, Stat stat) {
    Files.Stat.Builder told =
        Files.Stat.newBuilder()
            .setPath(ByteString.copyFromUtf8(name))
            .setMode(mode(stat))
            .setUid(stat.uid())
            .setGid(stat.gid())
            .setSize(stat.size())
            .setModTime(nanoseconds(stat.modified()))
            .setDevmajor(stat.specialMajor())
            .setDevminor(stat.specialMinor());
    if (stat.type() == FileType.SYMLINK) {
      told.setLinkname(ByteString.copyFromUtf8(folder.readlink(name)));
    }
    return told.build();
  }

  private static long nanoseconds(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }

  /** As Go counts the bits (Go, io/fs, FileMode). */
  private static int mode(Stat stat) {
    int type =
        switch (stat.type()) {
          case DIRECTORY -> 1 << 31;
          case SYMLINK -> 1 << 27;
          case BLOCK_DEVICE -> 1 << 26;
          case CHARACTER_DEVICE -> (1 << 26) | (1 << 21);
          case FIFO -> 1 << 25;
          case SOCKET -> 1 << 24;
          case REGULAR, UNKNOWN -> 0;
        };
    int bits = stat.permissions();
    return type
        | (bits & 0777)
        | ((bits & 04000) != 0 ? 1 << 23 : 0)
        | ((bits & 02000) != 0 ? 1 << 22 : 0)
        | ((bits & 01000) != 0 ? 1 << 20 : 0);
  }
}
