package dev.kemas.linux;

/**
 * What this machine is, as {@code info} tells it.
 *
 * @param hostname as the kernel has it
 * @param kernel release, e.g. {@code 6.1.0-18-amd64}
 * @param operatingSystem the pretty name of os-release(5)
 * @param osVersion VERSION_ID of os-release(5); empty for a rolling one
 * @param hardware as uname(1) tells it: {@code x86_64}, {@code aarch64}
 * @param processors how many this process may use
 * @param memory bytes
 * @param bootId changes at every boot: what was recorded under another one has no processes any
 *     more
 */
public record Machine(
    String hostname,
    String kernel,
    String operatingSystem,
    String osVersion,
    String hardware,
    int processors,
    long memory,
    String bootId) {

  /** Looks. */
  public static Machine look() {
    String release = releaseFile();
    return new Machine(
        ProcFiles.read("/proc/sys/kernel/hostname"),
        ProcFiles.read("/proc/sys/kernel/osrelease"),
        release.isEmpty() ? "Linux" : unquoted(ProcFiles.field(release, "PRETTY_NAME")),
        release.isEmpty() ? "" : unquoted(ProcFiles.field(release, "VERSION_ID")),
        Abi.ARM64 ? "aarch64" : "x86_64",
        Runtime.getRuntime().availableProcessors(),
        kilobytes("MemTotal"),
        ProcFiles.read("/proc/sys/kernel/random/boot_id"));
  }

  /** Bytes that could be given to new programs without swapping. */
  public static long availableMemory() {
    return kilobytes("MemAvailable");
  }

  private static String releaseFile() {
    for (String file : new String[] {"/etc/os-release", "/usr/lib/os-release"}) {
      if (!ProcFiles.read(file).isEmpty()) {
        return file;
      }
    }
    return "";
  }

  private static long kilobytes(String name) {
    String value = ProcFiles.field("/proc/meminfo", name);
    int space = value.indexOf(' ');
    return space < 0 ? 0 : Long.parseLong(value.substring(0, space)) * 1024;
  }

  private static String unquoted(String value) {
    return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }
}
