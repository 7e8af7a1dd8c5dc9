package dev.kemas.build;

import dev.kemas.build.plan.Operation;
import dev.kemas.build.plan.Plan;
import dev.kemas.build.plan.PlannedStage;
import dev.kemas.build.plan.Step;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Whose programs this machine can run: its own, and those that the kernel has an emulator for
 * (Documentation/admin-guide/binfmt-misc.rst). Looks anew each time: emulators come and go.
 */
public final class Emulators {
  private static final Path KERNEL = Path.of("/proc/sys/fs/binfmt_misc");
  private static final int MACHINE_AT = 18;

  /** The e_machine of elf.h, as it stands in a file. */
  private static final Map<Integer, String> LITTLE =
      Map.of(
          0x3e, "amd64", 0x03, "386", 0xb7, "arm64", 0x28, "arm", 0xf3, "riscv64", 0x15, "ppc64le",
          0x102, "loong64");

  private static final Map<Integer, String> BIG = Map.of(0x16, "s390x");

  private final Path folder;
  private final Platform host;

  /** Those of this machine. */
  public static Emulators ofThisMachine() {
    return new Emulators(KERNEL, Platform.host());
  }

  /** Those that a folder like the kernel's tells of. */
  Emulators(Path folder, Platform host) {
    this.folder = folder;
    this.host = host;
  }

  /** The platforms whose programs run here, this machine's first. */
  public List<Platform> platforms() {
    List<Platform> platforms = new ArrayList<>(List.of(host));
    if (host.architecture().equals("amd64")) {
      platforms.add(Platform.of(host.os(), "386"));
    }
    registered().entrySet().stream()
        .filter(entry -> entry.getValue() == Registered.USABLE)
        .map(Map.Entry::getKey)
        .map(architecture -> Platform.of(host.os(), architecture))
        .filter(platform -> platforms.stream().noneMatch(p -> isSame(p, platform)))
        .forEach(platforms::add);
    return List.copyOf(platforms);
  }

  private static boolean isSame(Platform one, Platform other) {
    return one.architecture().equals(other.architecture());
  }

  /**
   * Looks whether all RUNs of a build can be run.
   *
   * @throws Fault.Unsupported when one of them cannot, naming its line
   */
  void require(Plan plan, Dockerfile dockerfile) {
    List<Platform> known = platforms();
    for (PlannedStage stage : plan.stages()) {
      Platform wanted = stage.base().map(i -> i.config().platform()).orElse(plan.platform());
      if (wanted.architecture().isEmpty() || known.stream().anyMatch(p -> isSame(p, wanted))) {
        continue;
      }
      for (Step step : stage.steps()) {
        if (plan.graph().vertex(step.vertex()).operation() instanceof Operation.Run
            && step.kind() == Step.Kind.OPERATION) {
          throw new Fault.Unsupported(
              dockerfile.blame(step.instruction(), refusal(wanted)).getMessage());
        }
      }
    }
  }

  private String refusal(Platform wanted) {
    String found =
        registered().getOrDefault(wanted.architecture(), Registered.NONE) == Registered.NOT_FIXED
            ? "its emulator is registered without the flag F, so containers do not see it; register"
                + " it again with that flag"
            : "install an emulator (Debian: qemu-user-static and binfmt-support), or build on a"
                + " machine of that kind";
    return "RUN needs %s, and this machine runs %s only: %s".formatted(wanted, host, found);
  }

  /** How an emulator is registered. */
  private enum Registered {
    NONE,
    /** The kernel opens it by its path when it is needed, which is not there in a container. */
    NOT_FIXED,
    USABLE
  }

  private Map<String, Registered> registered() {
    Map<String, Registered> found = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (!name.equals("register") && !name.equals("status")) {
          read(Files.readString(file), found);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static void read(String text, Map<String, Registered> found) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals("enabled")) {
      return;
    }
    String magic = value(lines, "magic ");
    String flags = value(lines, "flags: ");
    if (!magic.startsWith("7f454c46") || magic.length() < (MACHINE_AT + 2) * 2) {
      return;
    }
    int first = Integer.parseInt(magic.substring(MACHINE_AT * 2, MACHINE_AT * 2 + 2), 16);
    int second = Integer.parseInt(magic.substring(MACHINE_AT * 2 + 2, MACHINE_AT * 2 + 4), 16);
    boolean big = magic.startsWith("02", 10);
    String architecture =
        big
            ? BIG.getOrDefault(first << 8 | second, "")
            : LITTLE.getOrDefault(second << 8 | first, "");
    if (!architecture.isEmpty()) {
      found.merge(
          architecture,
          flags.contains("F") ? Registered.USABLE : Registered.NOT_FIXED,
          (a, b) -> a == Registered.USABLE ? a : b);
    }
  }

  private static String value(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst()
        .orElse("");
  }
}
