package dev.kemas.build;

import dev.kemas.build.files.Attributes;
import dev.kemas.build.files.FileDigests;
import dev.kemas.build.files.Selected;
import dev.kemas.build.files.SourceTree;
import dev.kemas.build.files.TargetTree;
import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.dockerfile.Mount;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Descriptor;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import dev.kemas.oci.RuntimeSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What is lent to one RUN: made ready on the host, mounted in the container, taken away when it is
 * closed. One thread.
 *
 * <p>A source is found beneath its root by the kernel (openat2(2), RESOLVE_IN_ROOT) and bound by
 * its descriptor, so no link in hostile files leads to the host's. Secrets lie in memory only, in a
 * tmpfs that nobody else sees the path of.
 */
final class RunMounts implements AutoCloseable {
  private static final int MOST_SECRET = 500 * 1024;
  private static final String SECRETS = "secrets";

  private final StepParts parts;
  private final Path folder;
  private final BuildRequest.Access access;
  private final Cancellation cancelled;
  private final Deque<Runnable> undo = new ArrayDeque<>();
  private final List<Executor.Lent> lent = new ArrayList<>();
  private final List<String> env = new ArrayList<>();
  private final List<String> secretEnv = new ArrayList<>();
  private int number;
  private int agents;

  /** Gives the files that a mount is from, and takes them back. */
  interface Sources {
    /**
     * A file system to look at.
     *
     * @param mount whose {@link Mount#from} counts
     */
    Source of(Mount mount);
  }

  /** Files that a mount is from. */
  interface Source extends AutoCloseable {
    /** Where they are; not to be changed. */
    Path root();

    /** The same with rules that leave something out. */
    SourceTree tree();

    /** Whether the rules may leave something out. */
    boolean isFiltered();

    /** What names their content; empty for files that have no name. */
    Optional<Digest> name();

    /** What is known of their content. */
    FileDigests digests();

    @Override
    void close();
  }

  /** A place to put files in that are dropped afterwards. */
  interface Drafts {
    Workspaces.Workspace begin();
  }

  /** Looks at a cache that was taken, before anything runs with it. */
  interface Caches {
    /**
     * Fills it from other machines.
     *
     * @param base names what it began with
     */
    void restore(
        Mount.Cache cache, Optional<Digest> base, CacheMounts.Lease lease, Cancellation cancelled);
  }

  private final Sources sources;
  private final Drafts drafts;
  private final Caches restoring;

  /**
   * Nothing is lent yet.
   *
   * @param id of the RUN, for a folder of its own
   */
  RunMounts(
      StepParts parts,
      String id,
      BuildRequest.Access access,
      Sources sources,
      Drafts drafts,
      Caches restoring,
      Cancellation cancelled) {
    this.parts = parts;
    this.folder = parts.runs().resolve(id.substring(0, 12));
    this.access = access;
    this.sources = sources;
    this.drafts = drafts;
    this.restoring = restoring;
    this.cancelled = cancelled;
  }

  /** What is to be mounted in the container. */
  List<Executor.Lent> lent() {
    return List.copyOf(lent);
  }

  /** Variables for the process. */
  List<String> env() {
    return List.copyOf(env);
  }

  /** Variables that must be written nowhere. */
  List<String> secretEnv() {
    return List.copyOf(secretEnv);
  }

  /**
   * Makes all ready.
   *
   * @throws Fault.NotFound when a source is not there
   * @throws Fault.InvalidArgument when a required secret or agent is not
   * @throws Fault.Cancelled when the build is over
   */
  void prepare(List<Mount> mounts) {
    if (mounts.isEmpty()) {
      return;
    }
    try {
      Files.createDirectories(folder);
      undo.push(this::removeFolder);
      // in one order, so that two RUNs with the same locked caches do not wait for each other
      List<Mount> ordered = new ArrayList<>(mounts);
      ordered.sort(
          Comparator.comparing(mount -> mount instanceof Mount.Cache cache ? cache.id() : ""));
      for (Mount mount : ordered) {
        cancelled.check();
        switch (mount) {
          case Mount.Bind bind -> bind(bind);
          case Mount.Cache cache -> cache(cache);
          case Mount.Tmpfs tmpfs -> tmpfs(tmpfs);
          case Mount.Secret secret -> secret(secret);
          case Mount.Ssh ssh -> ssh(ssh);
        }
      }
    } catch (IOException e) {
      throw new Fault.Internal("cannot write %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private void removeFolder() {
    try (Directory runs = Directory.open(parts.runs())) {
      runs.removeTree(String.valueOf(folder.getFileName()));
    }
  }

  private void lend(String target, Path source, boolean file, boolean readOnly) {
    lent.add(
        new Executor.Lent(
            RuntimeSpec.Mount.of(
                target, "bind", source.toString(), "rbind", "rprivate", readOnly ? "ro" : "rw"),
            file));
  }

  private void bind(Mount.Bind bind) throws IOException {
    Source source = sources.of(bind);
    undo.push(source::close);
    if (bind.readOnly() && !source.isFiltered()) {
      point(bind.target(), source.root(), bind.source(), true);
      return;
    }
    // of what is left out, and of what may be written, the container gets a copy
    Workspaces.Workspace draft = drafts.begin();
    undo.push(draft::close);
    String path = copy(source, bind.source(), draft.root());
    point(bind.target(), draft.root(), path, bind.readOnly());
  }

  /** Copies a folder or file; returns where in the target it is. */
  private static String copy(Source source, String path, Path into) {
    try (SourceTree tree = source.tree();
        TargetTree target = TargetTree.open(into)) {
      Selected selected = tree.select(escaped(path)).getFirst();
      if (selected.directory()) {
        target.makeDirectories("/files", 0, 0);
        target.copyContents(tree, selected, "/files", IgnoreFile.NONE, Attributes.AS_THEY_ARE);
        return "/files";
      }
      String name = "/" + selected.name();
      target.copyFile(tree, selected, name, Attributes.AS_THEY_ARE);
      return name;
    }
  }

  /** A path that is no pattern, whatever is in it. */
  static String escaped(String path) {
    return path.replaceAll("([*?\\[\\\\])", "\\\\$1");
  }

  /** Binds what a path leads to beneath a root, and lends that. */
  private void point(String target, Path root, String path, boolean readOnly) throws IOException {
    try (RootDir directory = RootDir.open(root)) {
      String inside = path.replaceFirst("^/+", "");
      Optional<Stat> stat =
          inside.isEmpty() ? Optional.of(directory.root().stat()) : directory.stat(inside);
      if (stat.isEmpty()) {
        throw new Fault.NotFound(
            "file", path, "failed to compute cache key: \"%s\": not found".formatted(path));
      }
      boolean isDirectory = stat.get().type() == FileType.DIRECTORY;
      if (!isDirectory && stat.get().type() != FileType.REGULAR) {
        throw new Fault.InvalidArgument(
            "\"%s\" is neither a folder nor a file, so it cannot be mounted".formatted(path));
      }
      Path place = folder.resolve("m" + number++);
      if (isDirectory) {
        Files.createDirectory(place);
        try (Directory found = directory.openDirectory(inside)) {
          bind(found.descriptor(), place);
        }
      } else {
        Files.createFile(place);
        try (OpenFile found = directory.openForRead(inside)) {
          bind(found.descriptor(), place);
        }
      }
      lend(target, place, !isDirectory, readOnly);
    }
  }

  private void bind(Descriptor found, Path place) {
    Path self = Path.of("/proc/self/fd/" + found.number());
    mount(dev.kemas.linux.Mount.bind(self, "private"), place);
  }

  private void mount(dev.kemas.linux.Mount mount, Path place) {
    parts.mounter().mount(mount, place);
    undo.push(() -> parts.mounter().unmount(place));
  }

  private void cache(Mount.Cache cache) {
    Optional<Source> base = cache.from().map(from -> sources.of(cache));
    base.ifPresent(source -> undo.push(source::close));
    Optional<Digest> name = base.flatMap(Source::name).map(n -> Digest.of(bytes(n, cache)));
    CacheMounts.Lease lease =
        parts
            .caches()
            .take(cache.id(), name, cache.sharing(), files -> fill(files, cache, base), cancelled);
    undo.push(lease::close);
    restoring.restore(cache, name, lease, cancelled);
    lend(cache.target(), lease.folder(), false, cache.readOnly());
  }

  private static byte[] bytes(Digest name, Mount.Cache cache) {
    return (name + cache.source()).getBytes(StandardCharsets.UTF_8);
  }

  private static void fill(Path files, Mount.Cache cache, Optional<Source> base) {
    if (base.isPresent()) {
      try (SourceTree tree = base.get().tree();
          TargetTree target = TargetTree.open(files)) {
        Selected selected = tree.select(escaped(cache.source())).getFirst();
        if (!selected.directory()) {
          throw new Fault.InvalidArgument(
              "a cache cannot begin with the file %s: name a folder".formatted(cache.source()));
        }
        target.copyContents(tree, selected, "/", IgnoreFile.NONE, Attributes.AS_THEY_ARE);
      }
    }
    try (Directory above = Directory.open(parent(files))) {
      above.chown("files", cache.uid(), cache.gid());
      above.chmod("files", cache.mode());
    }
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new Fault.Internal(path + " is no folder of ours");
    }
    return parent;
  }

  private void tmpfs(Mount.Tmpfs tmpfs) {
    List<String> options = new ArrayList<>(List.of("nosuid", "nodev", "mode=1777"));
    tmpfs.size().ifPresent(size -> options.add("size=" + size));
    if (tmpfs.readOnly()) {
      options.add("ro");
    }
    lent.add(
        new Executor.Lent(
            RuntimeSpec.Mount.of(tmpfs.target(), "tmpfs", "tmpfs", options.toArray(String[]::new)),
            false));
  }

  private void secret(Mount.Secret secret) throws IOException {
    Optional<byte[]> value = access.secrets().find(secret.id());
    if (value.isEmpty()) {
      if (secret.required()) {
        throw new Fault.InvalidArgument(
            "secret %s: not found: give it to the build with --secret id=%s,src=FILE"
                .formatted(secret.id(), secret.id()));
      }
      return;
    }
    byte[] bytes = value.get();
    try {
      if (bytes.length > MOST_SECRET) {
        throw new Fault.InvalidArgument(
            "secret %s has %d bytes, more than the %d that one may have"
                .formatted(secret.id(), bytes.length, MOST_SECRET));
      }
      if (secret.target().isPresent()) {
        lend(secret.target().get(), secretFile(secret, bytes), true, true);
      }
      if (secret.env().isPresent()) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\0') >= 0) {
          throw new Fault.InvalidArgument(
              "secret %s has a NUL in it, so it cannot be a variable: use target="
                  .formatted(secret.id()));
        }
        secretEnv.add(secret.env().get() + "=" + text);
      }
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private Path secretFile(Mount.Secret secret, byte[] bytes) throws IOException {
    Path memory = folder.resolve(SECRETS);
    if (!Files.exists(memory)) {
      Files.createDirectory(memory);
      mount(
          new dev.kemas.linux.Mount(
              "tmpfs", "tmpfs", List.of("nosuid", "nodev", "noexec", "mode=0700")),
          memory);
    }
    String name = "s" + number++;
    try (Directory directory = Directory.open(memory)) {
      try (OpenFile file = directory.create(name, 0600)) {
        file.write(ByteBuffer.wrap(bytes));
      }
      directory.chown(name, secret.uid(), secret.gid());
      directory.chmod(name, secret.mode());
    }
    return memory.resolve(name);
  }

  private void ssh(Mount.Ssh ssh) {
    Path socket = folder.resolve("a" + agents);
    Optional<SshAgents.Forwarded> forwarded = access.agents().forward(ssh.id(), socket);
    if (forwarded.isEmpty()) {
      if (ssh.required()) {
        throw new Fault.InvalidArgument(
            "unset ssh forward key %s: give the build an agent with --ssh %s"
                .formatted(ssh.id(), ssh.id()));
      }
      return;
    }
    undo.push(forwarded.get()::close);
    try (Directory directory = Directory.open(folder)) {
      String name = "a" + agents;
      directory.chown(name, ssh.uid(), ssh.gid());
      directory.chmod(name, ssh.mode());
    }
    String target = ssh.target().orElse("/run/buildkit/ssh_agent." + agents);
    if (agents == 0) {
      env.add("SSH_AUTH_SOCK=" + target);
    }
    agents++;
    lend(target, socket, true, false);
  }

  /** Takes all away, what came last first. */
  @Override
  public void close() {
    Optional<RuntimeException> first = Optional.empty();
    while (!undo.isEmpty()) {
      try {
        undo.pop().run();
      } catch (RuntimeException e) {
        // the others must be taken away all the same
        if (first.isPresent()) {
          first.get().addSuppressed(e);
        } else {
          first = Optional.of(e);
        }
      }
    }
    if (first.isPresent()) {
      throw first.get();
    }
  }
}
