package dev.kemas.daemon.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Facts of this machine, from /proc, /sys and /etc; what cannot be read is empty or zero. */
final class Host {
  private static final Logger LOG = LoggerFactory.getLogger(Host.class);
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  /** An id of this daemon that stays over restarts, from where its data is. */
  String id(Path dataRoot) {
    String seed = read(Path.of("/etc/machine-id")) + dataRoot;
    return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
  }

  String kernel() {
    return read(Path.of("/proc/sys/kernel/osrelease"));
  }

  String machine() {
    String arch = System.getProperty("os.arch", "");
    return arch.equals("amd64") ? "x86_64" : arch;
  }

  String name() {
    String name = read(Path.of("/proc/sys/kernel/hostname"));
    if (!name.isEmpty()) {
      return name;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      LOG.debug("this machine has no name: {}", e.toString());
      return "";
    }
  }

  String operatingSystem(String key) {
    return read(Path.of("/etc/os-release"))
        .lines()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1).replace("\"", ""))
        .findFirst()
        .orElse("");
  }

  /** Bytes. */
  long memory() {
    return read(Path.of("/proc/meminfo"))
        .lines()
        .filter(line -> line.startsWith("MemTotal:"))
        .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0L);
  }

  /** 2 when the unified hierarchy holds the controllers, else 1. */
  String cgroupVersion() {
    return Files.exists(CGROUPS.resolve("cgroup.controllers")) ? "2" : "1";
  }

  boolean hasController(String name) {
    if (cgroupVersion().equals("2")) {
      return Stream.of(read(CGROUPS.resolve("cgroup.controllers")).split(" ", -1))
          .anyMatch(name::equals);
    }
    return Files.isDirectory(CGROUPS.resolve(name));
  }

  boolean hasSwapLimit() {
    return cgroupVersion().equals("2")
        || Files.exists(CGROUPS.resolve("memory/memory.memsw.limit_in_bytes"));
  }

  boolean forwardsIpv4() {
    return read(Path.of("/proc/sys/net/ipv4/ip_forward")).equals("1");
  }

  int openFiles() {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return (int) files.count();
    } catch (IOException e) {
      LOG.debug("the open files cannot be counted: {}", e.toString());
      return 0;
    }
  }

  int threads() {
    return Thread.activeCount();
  }

  String fileSystem(Path path) {
    try {
      return Files.getFileStore(path).type();
    } catch (IOException e) {
      LOG.debug("the file system of {} is unknown: {}", path, e.toString());
      return "";
    }
  }

  String environment(String name) {
    return Optional.ofNullable(System.getenv(name))
        .or(() -> Optional.ofNullable(System.getenv(name.toLowerCase(java.util.Locale.ROOT))))
        // a password of a proxy is nobody's business
        .map(value -> value.replaceAll("://[^/@]*@", "://xxxxx:xxxxx@"))
        .orElse("");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      LOG.debug("{} cannot be read: {}", file, e.toString());
      return "";
    }
  }
}
