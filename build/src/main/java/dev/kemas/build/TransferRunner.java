package dev.kemas.build;

import dev.kemas.build.files.Aside;
import dev.kemas.build.files.Attributes;
import dev.kemas.build.files.FileDigests;
import dev.kemas.build.files.Selected;
import dev.kemas.build.files.SelectionDigest;
import dev.kemas.build.files.SourceTree;
import dev.kemas.build.files.TargetTree;
import dev.kemas.build.plan.Facts;
import dev.kemas.build.plan.Operation.MakeDirectory;
import dev.kemas.build.plan.Operation.Source;
import dev.kemas.build.plan.Operation.Transfer;
import dev.kemas.dockerfile.FileMode;
import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.OpenFile;
import dev.kemas.oci.Digest;
import dev.kemas.oci.RuntimeSpec;
import dev.kemas.spec.Accounts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Does what COPY, ADD and WORKDIR say to a file system. Safe for several threads. */
final class TransferRunner {
  private static final int MOST_ACCOUNTS = 4 << 20;
  private static final int MOST_FACTS = 50_000;
  private static final int INLINE_PERMISSIONS = 0644;
  private static final int FETCHED_PERMISSIONS = 0600;

  private final BuildServices services;
  private final Downloads downloads;
  private final Optional<Instant> latest;

  /**
   * @param downloads of the build
   * @param request whose epoch is the time of what has none of its own
   */
  TransferRunner(BuildServices services, Downloads downloads, BuildRequest request) {
    this.latest = request.epoch();
    this.services = services;
    this.downloads = downloads;
  }

  /**
   * A digest of all that the operation's own description does not tell of what it takes.
   *
   * @param facts gets each thing by its own name and digest
   */
  Optional<Digest> content(
      Transfer transfer,
      SourceTree tree,
      FileDigests digests,
      SortedMap<String, Digest> facts,
      Cancellation cancelled) {
    IgnoreFile excluded = IgnoreFile.of(transfer.excludes());
    StringBuilder parts = new StringBuilder();
    for (Source source : transfer.sources()) {
      cancelled.check();
      switch (source) {
        case Source.Files files -> {
          List<Selected> selection = selection(transfer, tree, files);
          parts
              .append(SelectionDigest.of(tree, selection, excluded, digests, listed(facts)))
              .append('\n');
          if (transfer.parents()) {
            parts.append(SelectionDigest.ofPlaces(tree, selection)).append('\n');
          }
        }
        case Source.Remote remote -> {
          if (transfer.checksum().isEmpty()) {
            Digest fetched =
                downloads.fetch(remote.address(), Optional.empty(), cancelled).digest();
            facts.put(Facts.ADDRESS + remote.address(), fetched);
            parts.append(fetched).append('\n');
          }
        }
        case Source.Inline inline -> {
          // all of it is in the description
        }
        case Source.Git git -> {
          String commit = downloads.resolve(git.address(), cancelled).commit();
          facts.put(Facts.ADDRESS + git.address().remote(), Facts.digest(commit));
          parts.append("commit ").append(commit).append('\n');
        }
      }
    }
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(Digest.of(parts.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** Files become facts while they are few; of very many only the folders right at the root. */
  static SelectionDigest.Listing listed(SortedMap<String, Digest> facts) {
    return (path, digest) -> {
      if (facts.size() < MOST_FACTS) {
        facts.put(Facts.FILE + path, digest);
        return;
      }
      String top = Facts.FILE + path.split("/", 2)[0] + "/...";
      Digest before = facts.getOrDefault(top, digest);
      facts.put(top, Facts.digest(before + " " + path + " " + digest));
    };
  }

  /** Copies into this file system. */
  void run(Transfer transfer, SourceTree tree, Workspaces.Workspace into, Cancellation cancelled) {
    IgnoreFile excluded = IgnoreFile.of(transfer.excludes());
    Path root = into.root();
    try (TargetTree target = TargetTree.open(root, aside(transfer, tree, into))) {
      Attributes as = attributes(target, transfer.chown(), transfer.chmod());
      String destination = transfer.destination();
      boolean intoDirectory = destination.endsWith("/") || target.isDirectory(destination);
      for (Source source : transfer.sources()) {
        cancelled.check();
        switch (source) {
          case Source.Files files -> {
            List<Selected> selection = selection(transfer, tree, files);
            if (selection.size() > 1 && !destination.endsWith("/")) {
              throw new Fault.InvalidArgument(
                  ("When using %s with more than one source file, the destination must be a"
                          + " directory and end with a /")
                      .formatted(transfer.keyword()));
            }
            for (Selected selected : selection) {
              cancelled.check();
              copy(transfer, files, tree, selected, target, intoDirectory, excluded, as);
            }
          }
          case Source.Inline inline ->
              target.write(
                  intoDirectory ? join(destination, inline.name()) : destination,
                  inline.content().getBytes(StandardCharsets.UTF_8),
                  latest.orElseGet(services.clock()::instant),
                  INLINE_PERMISSIONS,
                  as);
          case Source.Remote remote ->
              remote(transfer, remote.address(), target, root, intoDirectory, as, cancelled);
          case Source.Git git -> {
            try (SourceTree repository =
                SourceTree.context(downloads.checkOut(git.address(), cancelled), IgnoreFile.NONE)) {
              Selected all = new Selected("", "", true);
              target.copyContents(repository, all, destination, excluded, as);
            }
          }
        }
      }
    }
  }

  private static List<Selected> selection(Transfer transfer, SourceTree tree, Source.Files files) {
    return transfer.parents() ? tree.selectDeep(files.path()) : tree.select(files.path());
  }

  /** The folders that {@code --parents} keeps are like those of the source. */
  private static void keepFolders(
      SourceTree tree,
      Selected selected,
      String kept,
      String destination,
      TargetTree target,
      Attributes as) {
    target.makeDirectories(destination, as.uid(), as.gid());
    int before = selected.path().length() - kept.length();
    for (Selected folder : tree.folders(selected)) {
      if (folder.path().length() > before) {
        target.makeDirectory(tree, folder, join(destination, folder.path().substring(before)), as);
      }
    }
    if (selected.directory()) {
      target.makeDirectory(tree, selected, join(destination, kept), as);
    }
  }

  /** A second source must see what the first one left: only a single tree goes beside. */
  private Aside aside(Transfer transfer, SourceTree tree, Workspaces.Workspace into) {
    boolean single =
        transfer.sources().size() == 1
            && transfer.sources().getFirst() instanceof Source.Files files
            && selection(transfer, tree, files).size() == 1;
    return single ? new Room(into, latest) : Aside.NOWHERE;
  }

  private record Room(Workspaces.Workspace workspace, Optional<Instant> latest) implements Aside {
    @Override
    public Optional<Path> folder(String directory) {
      return workspace.beside(directory);
    }

    @Override
    public void link(String first, String second) {
      workspace.linkBeside(first, second);
    }
  }

  private void copy(
      Transfer transfer,
      Source.Files source,
      SourceTree tree,
      Selected selected,
      TargetTree target,
      boolean intoDirectory,
      IgnoreFile excluded,
      Attributes as) {
    String destination = transfer.destination();
    if (transfer.parents() && !excluded.ignores(selected.name())) {
      keepFolders(tree, selected, kept(source, selected), destination, target, as);
    }
    if (selected.directory()) {
      String path = transfer.parents() ? join(destination, kept(source, selected)) : destination;
      target.copyContents(tree, selected, path, excluded, as);
      return;
    }
    if (excluded.ignores(selected.name())) {
      return;
    }
    if (transfer.unpack() != Transfer.Unpack.NONE && isArchive(tree, selected)) {
      target.makeDirectories(destination, as.uid(), as.gid());
      try (OpenFile file = tree.open(selected);
          InputStream in = file.input()) {
        services.archives().unpack(in, target.path(), destination);
      } catch (IOException e) {
        throw new Fault.Internal(
            "cannot read %s: %s".formatted(selected.path(), e.getMessage()), e);
      }
      return;
    }
    String path = destination;
    if (transfer.parents()) {
      path = join(destination, kept(source, selected));
    } else if (intoDirectory) {
      path = join(destination, selected.name());
    }
    target.copyFile(tree, selected, path, as);
  }

  /**
   * What of a path {@code --parents} keeps: all, or what is behind {@code /./} (reference, "COPY
   * --parents").
   */
  private static String kept(Source.Files source, Selected selected) {
    int pivot = ("/" + source.path()).lastIndexOf("/./");
    if (pivot < 0) {
      return selected.path();
    }
    long before =
        Arrays.stream(("/" + source.path()).substring(0, pivot).split("/", -1))
            .filter(part -> !part.isEmpty() && !part.equals("."))
            .count();
    String[] parts = selected.path().split("/", -1);
    return String.join("/", Arrays.asList(parts).subList((int) before, parts.length));
  }

  private static String join(String directory, String name) {
    return directory.endsWith("/") ? directory + name : directory + "/" + name;
  }

  private boolean isArchive(SourceTree tree, Selected selected) {
    try (OpenFile file = tree.open(selected)) {
      return isArchive(file);
    }
  }

  private boolean isArchive(OpenFile file) {
    return services.archives().isArchive(file.input());
  }

  private void remote(
      Transfer transfer,
      String address,
      TargetTree target,
      Path root,
      boolean intoDirectory,
      Attributes as,
      Cancellation cancelled) {
    WebFiles.Fetched fetched = downloads.fetch(address, transfer.checksum(), cancelled);
    Path parent = fetched.file().toAbsolutePath().getParent();
    Path name = fetched.file().getFileName();
    if (parent == null || name == null) {
      throw new Fault.Internal("no file for " + address);
    }
    try (Directory scratch = Directory.open(parent);
        OpenFile file = scratch.openForRead(name.toString())) {
      if (transfer.unpack() == Transfer.Unpack.ALL && isArchive(file)) {
        target.makeDirectories(transfer.destination(), as.uid(), as.gid());
        try (OpenFile again = scratch.openForRead(name.toString());
            InputStream in = again.input()) {
          services.archives().unpack(in, root, transfer.destination());
        }
        return;
      }
      String path = transfer.destination();
      if (intoDirectory) {
        path =
            join(
                path,
                WebFiles.fileName(address)
                    .orElseThrow(() ->
                        new Fault.InvalidArgument(
                            "cannot determine filename from url: " + address)));
      }
      try (OpenFile content = scratch.openForRead(name.toString())) {
        target.write(path, content, fetched.modified(), FETCHED_PERMISSIONS, as);
      }
    } catch (IOException e) {
      throw new Fault.Internal(
          "cannot read what %s gave: %s".formatted(address, e.getMessage()), e);
    }
  }

  /** Makes WORKDIR's directory, which belongs to the user in force. */
  void run(MakeDirectory make, Path root) {
    try (TargetTree target = TargetTree.open(root)) {
      if (!target.isDirectory(make.path())) {
        Attributes as = attributes(target, make.owner(), Optional.empty());
        target.makeDirectories(make.path(), as.uid(), as.gid());
      }
    }
  }

  /** A number without a group is a group's number, too (reference, "COPY --chown --chmod"). */
  private static Attributes attributes(
      TargetTree target, String owner, Optional<FileMode> permissions) {
    if (owner.isEmpty()) {
      return new Attributes(0, 0, false, permissions);
    }
    String text = owner.matches("[0-9]+") ? owner + ":" + owner : owner;
    Accounts accounts =
        new Accounts(
            target.text("/etc/passwd", MOST_ACCOUNTS), target.text("/etc/group", MOST_ACCOUNTS));
    RuntimeSpec.User user = accounts.resolve(text, List.of()).user();
    return new Attributes((int) user.uid(), (int) user.gid(), true, permissions);
  }
}
