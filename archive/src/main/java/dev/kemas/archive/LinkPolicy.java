package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.Resolution;
import java.util.HashSet;
import java.util.Set;

/**
 * Which symbolic links may be part of the way to an entry. A link that the archive itself brought
 * may lead to another place beneath the root by a relative path, as in a system whose {@code bin}
 * is {@code usr/bin}; it must not lead out, and no hard link may go through it. A link that was
 * there before is followed as a process whose root is there would, except in a layer's own folder,
 * which was empty.
 */
final class LinkPolicy {
  private final boolean trustsWhatWasThere;
  private final Set<String> brought = new HashSet<>();

  LinkPolicy(boolean trustsWhatWasThere) {
    this.trustsWhatWasThere = trustsWhatWasThere;
  }

  /** Remembers a symbolic link that the archive made. */
  void made(String path) {
    if (trustsWhatWasThere) {
      brought.add(path);
    }
  }

  /** Opens a directory on the way to an entry, in which there is a symbolic link. */
  Directory follow(Directory root, String path, String entry) {
    return open(root, path, throughBrought(path) ? Resolution.BENEATH : Resolution.IN_ROOT, entry);
  }

  /** Opens the directory of the entry that a hard link is to be another name of. */
  Directory followForHardLink(Directory root, String path, String entry) {
    return open(root, path, throughBrought(path) ? Resolution.NO_LINKS : Resolution.IN_ROOT, entry);
  }

  private boolean throughBrought(String path) {
    if (!trustsWhatWasThere) {
      return true;
    }
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (brought.contains(path.substring(0, slash))) {
        return true;
      }
    }
    return brought.contains(path);
  }

  private static Directory open(Directory root, String path, Resolution how, String entry) {
    try {
      return how.open(root, path);
    } catch (Fault.InvalidArgument e) {
      throw new Fault.InvalidArgument(
          "archive entry \""
              + entry
              + "\" leads through a symbolic link in \""
              + path
              + "\" that must not be followed; the archive is refused",
          e);
    } catch (Fault.NotFound e) {
      throw new Fault.InvalidArgument(
          "archive entry \""
              + entry
              + "\" needs the directory \""
              + path
              + "\", which is not there",
          e);
    }
  }
}
