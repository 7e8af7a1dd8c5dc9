package dev.kemas.spec;

import dev.kemas.container.HostConfig;
import dev.kemas.oci.RuntimeSpec;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Everything a specification is made of; all look-ups are done, all names resolved.
 *
 * @param args program and arguments, never empty
 * @param env {@code NAME=value}, the image's already merged with what was asked; {@code PATH},
 *     {@code HOSTNAME}, {@code HOME} and {@code TERM} are added where missing, as Docker does
 * @param cwd absolute path in the container
 * @param user numeric, already looked up in the image
 * @param home the user's home directory, for {@code HOME}
 * @param rootfs absolute path of the mounted root file system
 * @param hostname empty leaves the UTS namespace's name alone
 * @param mounts volumes, binds, tmpfs and the engine's own files, in any order; they come after the
 *     default mounts, parents before children
 * @param namespaces which namespaces are fresh, shared or joined
 * @param cgroupsPath path of the container's cgroup, as the runtime takes it
 * @param initPath the init program on the host to run as process 1, where asked for
 * @param devices host devices, already read: nodes and their rules
 * @param host what this machine allows
 */
public record SpecInput(
    List<String> args,
    List<String> env,
    String cwd,
    RuntimeSpec.User user,
    String home,
    boolean terminal,
    Optional<RuntimeSpec.Box> consoleSize,
    String rootfs,
    String hostname,
    String domainname,
    List<RuntimeSpec.Mount> mounts,
    Namespaces namespaces,
    String cgroupsPath,
    Optional<String> initPath,
    List<HostDevice> devices,
    HostConfig hostConfig,
    SortedMap<String, String> annotations,
    HostFacts host) {

  public SpecInput {
    args = List.copyOf(args);
    env = List.copyOf(env);
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
  }

  /** Where a namespace comes from: {@link Fresh}, the {@link Host}'s, or one to {@link Join}. */
  public sealed interface Source {
    /** A namespace of its own. */
    record Fresh() implements Source {}

    /** The host's. */
    record Host() implements Source {}

    /** The one this file stands for, e.g. {@code /proc/1/ns/net}. */
    record Join(String path) implements Source {}
  }

  /** The source of each namespace; the mount namespace is always fresh. */
  public record Namespaces(Source pid, Source network, Source ipc, Source uts, Source cgroup) {
    /** All fresh but the network, which is prepared beforehand. */
    public static Namespaces withNetwork(String networkNamespacePath) {
      Source fresh = new Source.Fresh();
      return new Namespaces(fresh, new Source.Join(networkNamespacePath), fresh, fresh, fresh);
    }
  }

  /**
   * A device of the host that the container gets.
   *
   * @param node the node to make in the container
   * @param access of {@code rwm}
   */
  public record HostDevice(RuntimeSpec.Device node, String access) {}
}
