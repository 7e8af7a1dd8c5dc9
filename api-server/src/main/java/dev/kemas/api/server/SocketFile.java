package dev.kemas.api.server;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a unix socket. It is bound under another name, given its mode and group, and only
 * then renamed, so that nobody can connect while it is still open to all, and a stale one of a dead
 * daemon is replaced in one step.
 */
final class SocketFile {
  private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);
  private final Path path;

  SocketFile(Path path) {
    this.path = path;
  }

  /** The name to bind first, in the same folder. */
  Path prepare() {
    Path folder = Optional.ofNullable(path.toAbsolutePath().getParent()).orElse(Path.of("/"));
    Path temporary = folder.resolve("." + path.getFileName() + "." + ProcessHandle.current().pid());
    try {
      Files.createDirectories(folder);
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && answers()) {
        throw new Fault.Conflict(
            "cannot listen on unix://"
                + path
                + ": another daemon answers there; stop it or choose another socket with --host");
      }
      if (Files.isDirectory(path)) {
        throw new Fault.InvalidArgument("cannot listen on unix://" + path + ": it is a directory");
      }
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw new Fault.Internal("cannot prepare the socket " + path + ": " + e, e);
    }
    return temporary;
  }

  private boolean answers() {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      LOG.debug("the socket {} is stale: {}", path, e.toString());
      return false;
    }
  }

  /** Gives the bound file its mode, group and name. */
  void publish(Path temporary, List<String> groups) {
    try {
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-rw----"));
      for (String name : groups) {
        if (setGroup(temporary, name)) {
          break;
        }
      }
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new Fault.Internal("cannot publish the socket " + path + ": " + e, e);
    }
  }

  private static boolean setGroup(Path file, String name) throws IOException {
    try {
      GroupPrincipal group =
          file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
      Files.getFileAttributeView(file, PosixFileAttributeView.class).setGroup(group);
      return true;
    } catch (UserPrincipalNotFoundException e) {
      LOG.debug("there is no group {}", name);
      return false;
    }
  }
}
