package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * A network namespace held open (network_namespaces(7)). It lives as long as a process, a
 * descriptor or a mount of its file holds it; {@link #create} makes such a mount, so that it
 * outlives this process. Safe for any thread.
 */
public final class NetworkNamespace implements AutoCloseable {
  private static final Libc.Call SETNS = Libc.bind("setns", 2);
  private static final Libc.Call STATFS = Libc.bind("statfs", 2);
  private static final int CLONE_NEWNET = 0x40000000;
  private static final Mounter MOUNTER = new KernelMounter();
  private static final int NSFS_MAGIC = 0x6e736673;
  private static final Path OF_THREAD = Path.of("/proc/thread-self/ns/net");

  private final Descriptor descriptor;

  private NetworkNamespace(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /** The namespace of the calling thread. */
  public static NetworkNamespace current() {
    return new NetworkNamespace(openFile(OF_THREAD));
  }

  /**
   * Opens a namespace by its file.
   *
   * @throws Fault.NotFound when there is no file or it is not (any more) one of a namespace
   */
  public static NetworkNamespace open(Path file) {
    if (!isNamespace(file)) {
      throw new Fault.NotFound(
          "network namespace", file.toString(), "no network namespace is kept at " + file);
    }
    return new NetworkNamespace(openFile(file));
  }

  /**
   * Makes a namespace with a loopback link that is down, kept by a mount on the file. An empty file
   * that is there already is used.
   *
   * @param file in an existing folder
   */
  public static NetworkNamespace create(Path file) {
    return create(file, namespace -> namespace);
  }

  /** What is done inside a new namespace. */
  @FunctionalInterface
  public interface Inside<T> {
    /** Called on a thread that is in the namespace, which is closed if this fails. */
    T enter(NetworkNamespace namespace) throws Exception;
  }

  /**
   * The same, and works inside it on the same fresh thread. When that fails, the namespace is
   * removed again.
   */
  public static <T> T create(Path file, Inside<T> inside) {
    return FreshThread.call(
        "netns",
        () -> {
          FreshThread.unshare(CLONE_NEWNET);
          if (!Files.exists(file)) {
            Files.createFile(file);
          }
          try {
            MOUNTER.mount(new Mount("bind", OF_THREAD.toString(), List.of("bind")), file);
          } catch (RuntimeException e) {
            Files.delete(file);
            throw e;
          }
          NetworkNamespace made = new NetworkNamespace(openFile(OF_THREAD));
          try {
            return inside.enter(made);
          } catch (Exception e) {
            made.close();
            remove(file);
            throw e;
          }
        });
  }

  /** Whether the file keeps a namespace. */
  public static boolean isNamespace(Path file) {
    try (Scratch s = Scratch.take()) {
      // struct statfs starts with a long f_type on both supported ABIs
      var room = s.zeroed(160);
      int r = STATFS.asInt(s, s.string(file.toString()), room.address());
      if (r == -Errno.ENOENT.number() || r == -Errno.ENOTDIR.number()) {
        return false;
      }
      check(r, "statfs", file);
      return room.get(java.lang.foreign.ValueLayout.JAVA_LONG, 0) == NSFS_MAGIC;
    }
  }

  /**
   * Gives up the mount and removes the file; the kernel removes the namespace and its links in the
   * background when nobody else holds it. Nothing happens when there is no file.
   */
  public static void remove(Path file) {
    try {
      // no mount: the file alone is left of an earlier attempt
      MOUNTER.unmount(file);
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new Fault.Internal("cannot remove " + file + ": " + e.getMessage(), e);
    }
  }

  /** Its descriptor, for requests that name a namespace; belongs to this object. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /** Does the work on a fresh thread inside the namespace; what it throws is thrown here. */
  public <T> T call(Callable<T> work) {
    return FreshThread.call(
        "netns",
        () -> {
          enter();
          return work.call();
        });
  }

  /** The same without a result. */
  public void run(Runnable work) {
    FreshThread.run(
        "netns",
        () -> {
          enter();
          work.run();
        });
  }

  /**
   * Moves the calling thread into the namespace, for good: only for a platform thread that is
   * thrown away or lives there.
   */
  public void enter() {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      check(SETNS.asInt(s, fd, CLONE_NEWNET), "setns", descriptor);
    } finally {
      descriptor.leave();
    }
  }

  private static Descriptor openFile(Path file) {
    try (Scratch s = Scratch.take()) {
      int fd = FileCalls.OPENAT.asInt(s, Abi.AT_FDCWD, s.string(file.toString()), Abi.O_CLOEXEC, 0);
      check(fd, "openat", file);
      return new Descriptor(fd, "network namespace " + file);
    }
  }

  private static void check(int result, String call, Object... arguments) {
    if (result < 0) {
      throw Failure.of(result, call, arguments);
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
