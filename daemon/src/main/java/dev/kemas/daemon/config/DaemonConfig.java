package dev.kemas.daemon.config;

import dev.kemas.api.server.Listen;
import dev.kemas.fault.Fault;
import dev.kemas.image.Watermarks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the daemon is set up: flags and file together, read and checked, defaults filled in.
 *
 * @param runtimes names to paths of additional OCI runtimes
 * @param defaultRuntime empty: the engine chooses
 * @param signaturePolicy a file; empty: signatures are not looked at
 * @param shmSize bytes
 * @param group of the socket; empty: the usual ones
 */
public record DaemonConfig(
    List<Listen> hosts,
    Path dataRoot,
    Path execRoot,
    Path pidFile,
    LogLevel logLevel,
    Map<String, String> runtimes,
    Optional<String> defaultRuntime,
    NetworkOptions network,
    List<String> insecureRegistries,
    List<String> registryMirrors,
    Transfers transfers,
    Optional<Path> signaturePolicy,
    ContentOptions content,
    BuilderGc builderGc,
    List<String> labels,
    String logDriver,
    Map<String, String> logOptions,
    List<UlimitOption> ulimits,
    long shmSize,
    boolean init,
    Optional<String> group,
    TlsOptions tls) {

  /** How much is logged. */
  public enum LogLevel {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /**
   * What networks are made like, as texts that the network's own types read.
   *
   * @param mtu 0: the kernel's
   */
  public record NetworkOptions(
      Optional<String> bip,
      Optional<String> bridge,
      List<Pool> pools,
      List<String> dns,
      List<String> dnsOptions,
      List<String> dnsSearch,
      Optional<String> hostGateway,
      boolean interContainer,
      Optional<String> bindAddress,
      int mtu) {}

  /** Where subnets come from. */
  public record Pool(String base, int size) {}

  /** How many layers move at once. */
  public record Transfers(int downloads, int uploads) {}

  /**
   * What is kept of images.
   *
   * @param keepCompressed whether the blobs of unpacked layers stay
   * @param marks when unused images are removed by themselves; empty: never
   */
  public record ContentOptions(boolean keepCompressed, Optional<Watermarks> marks) {}

  /** A limit that containers have by default. */
  public record UlimitOption(String name, long soft, long hard) {}

  /**
   * Certificates for TCP.
   *
   * @param refused whether {@code --tls=false} was said
   */
  public record TlsOptions(
      boolean refused, Optional<Path> authority, Optional<Path> certificate, Optional<Path> key) {}

  private static final Path DEFAULT_FILE = Path.of("/etc/kemas/daemon.json");

  /**
   * Merges the flags with the file.
   *
   * @throws Fault.InvalidArgument for a value that cannot be read, or one that both have
   */
  public static DaemonConfig of(Map<Option, List<String>> flags) {
    Path file =
        flags.containsKey(Option.CONFIG_FILE)
            ? Path.of(flags.get(Option.CONFIG_FILE).getLast())
            : DEFAULT_FILE;
    Map<Option, List<String>> merged = new EnumMap<>(Option.class);
    merged.putAll(flags);
    if (flags.containsKey(Option.CONFIG_FILE) || Files.exists(file)) {
      Map<Option, List<String>> fromFile = new ConfigFile(file).read();
      refuseConflicts(file, flags, fromFile);
      fromFile.forEach((option, values) -> merged.merge(option, values, DaemonConfig::joined));
    }
    return new Values(merged).config();
  }

  /** The socket that clients look for when they are not told another. */
  static Listen defaultHost() {
    return new Listen.Unix(Path.of("/run/kemas/kemas.sock"));
  }

  private static List<String> joined(List<String> one, List<String> other) {
    List<String> all = new ArrayList<>(one);
    all.addAll(other);
    return all;
  }

  private static void refuseConflicts(
      Path file, Map<Option, List<String>> flags, Map<Option, List<String>> fromFile) {
    Map<String, String> conflicts = new LinkedHashMap<>();
    flags.forEach((option, values) -> {
      List<String> other = fromFile.get(option);
      // only runtimes and the like may come from both, as with dockerd
      if (other != null && option.kind() != Option.Kind.PAIRS) {
        conflicts.put(option.key(), "(from flag: " + values + ", from file: " + other + ")");
      }
    });
    if (!conflicts.isEmpty()) {
      List<String> lines = new ArrayList<>();
      conflicts.forEach((key, text) -> lines.add(key + ": " + text));
      throw new Fault.InvalidArgument(
          "unable to configure the daemon with file "
              + file
              + ": the following directives are specified both as a flag and in the configuration"
              + " file: "
              + String.join(", ", lines));
    }
  }
}
