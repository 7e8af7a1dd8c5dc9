package dev.kemas.build;

import dev.kemas.container.Resources;
import dev.kemas.linux.Stat;
import dev.kemas.oci.RuntimeSpec;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs the processes of RUN instructions. Called from several threads at once. */
public interface Executor {

  /**
   * A process in a container of its own.
   *
   * @param id of the container, 64 hexadecimal digits
   * @param args the command, looked up in the PATH of the environment
   * @param script what to put, executable, where the first argument says
   * @param env {@code NAME=value}
   * @param cwd absolute; made when it is missing
   * @param user name or number, with an optional group; empty for root
   * @param network {@code default}, {@code none}, {@code host} or a network's name
   * @param lent what is mounted besides
   * @param extraHosts {@code name:address} for the hosts file
   * @param resources limits
   * @param shmSize bytes of /dev/shm; 0 is the default
   * @param rights what it may do beyond what every RUN may
   */
  record Command(
      String id,
      List<String> args,
      Optional<String> script,
      List<String> env,
      String cwd,
      String user,
      String network,
      List<Lent> lent,
      List<String> extraHosts,
      Resources resources,
      long shmSize,
      Rights rights) {}

  /**
   * Something that is mounted for the process and leaves no trace in the file system.
   *
   * @param file whether it is mounted on a file
   */
  record Lent(RuntimeSpec.Mount mount, boolean file) {}

  /**
   * What a process may do beyond what every RUN may.
   *
   * @param insecure whether it has all privileges and all devices
   * @param devices of the host's
   * @param secretEnv {@code NAME=value} that must not be written to a disk
   */
  record Rights(boolean insecure, CdiDevices.Edits devices, List<String> secretEnv) {
    /** Nothing. */
    public static final Rights NONE = new Rights(false, CdiDevices.Edits.NONE, List.of());

    public Rights {
      secretEnv = List.copyOf(secretEnv);
    }
  }

  /**
   * How a process ended.
   *
   * @param code the exit code, 128 and the signal when one ended it
   * @param touched directories that were written in for the container's sake and put right again,
   *     as they were before; by path relative to the root
   */
  record Ended(int code, Map<String, Stat> touched) {
    public Ended {
      touched = Map.copyOf(touched);
    }
  }

  /** Takes a process's output as it comes. Called from one thread at a time. */
  interface Output {
    void write(boolean stderr, byte[] bytes, int offset, int length);

    /**
     * Who sits at the process's terminal, and is given its keyboard before the process runs; empty:
     * the process has no terminal and no input.
     */
    default Optional<Consumer<Keyboard>> terminal() {
      return Optional.empty();
    }
  }

  /** What is typed at a process's terminal. One thread at a time; until the process ends. */
  interface Keyboard {
    /** Types; blocks while the process does not read. */
    void type(ByteBuffer keys);

    /** Changes the size of the terminal, in character cells. */
    void resize(int columns, int rows);
  }

  /**
   * Runs a process to its end, on a file system that this leaves as the process left it: what the
   * container needs besides, its resolv.conf say, is not in it afterwards.
   *
   * @param root the file system, mounted
   * @param running called once the process runs
   * @return how it ended
   * @throws dev.kemas.fault.Fault.Cancelled when it was killed because of the cancellation
   * @throws dev.kemas.fault.Fault.InvalidArgument when it could not be started, for a missing
   *     command say; the message has the cause
   */
  Ended run(
      Command command, Path root, Output output, Consumer<String> running, Cancellation cancelled);
}
