package dev.kemas.network;

import dev.kemas.dns.DnsSettings;
import dev.kemas.dns.ResolvConf;
import dev.kemas.network.StoredSandbox.StoredEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where names come from: what the container says, then the daemon, then the host's files. */
final class NameSources {
  private static final Logger LOG = LoggerFactory.getLogger(NameSources.class);

  /** Lists the real servers where /etc/resolv.conf names only the host's own stub. */
  private static final Path BEHIND_STUB = Path.of("/run/systemd/resolve/resolv.conf");

  private static final Path HOSTS = Path.of("/etc/hosts");

  private final NetworkSettings settings;

  NameSources(NetworkSettings settings) {
    this.settings = settings;
  }

  /** Everything that counts for a container, servers that only the host reaches included. */
  DnsSettings effective(DnsSettings container) {
    return container.or(settings.dns()).or(ResolvConf.parse(read(settings.resolvConf())));
  }

  /** The same with the servers that a container itself can ask. */
  DnsSettings reachable(DnsSettings container, boolean ipv6) {
    DnsSettings host = ResolvConf.parse(read(settings.resolvConf()));
    if (ResolvConf.reachable(host, ipv6).servers().isEmpty() && Files.exists(BEHIND_STUB)) {
      DnsSettings behind = ResolvConf.parse(read(BEHIND_STUB));
      host = new DnsSettings(behind.servers(), host.search(), host.options());
    }
    return ResolvConf.reachable(container.or(settings.dns()).or(host), ipv6);
  }

  /** Whether there are servers, but none that a container could ask. */
  boolean onlyOfHost(DnsSettings container) {
    return reachable(container, false).servers().isEmpty()
        && !effective(container).servers().isEmpty();
  }

  ContainerFiles files(
      StoredSandbox sandbox,
      boolean engineServer,
      List<ExtraHost> extra,
      Optional<InetAddress> hostGateway) {
    boolean own = !sandbox.namespace().isEmpty();
    DnsSettings effective = effective(sandbox.dns());
    boolean ipv6 =
        sandbox.endpoints().stream()
            .flatMap(e -> e.addresses().stream())
            .anyMatch(a -> a.getAddress().length == 16);
    String resolvConf;
    if (own && engineServer) {
      resolvConf = ResolvConf.engine(effective);
    } else if (own) {
      DnsSettings reachable = reachable(sandbox.dns(), ipv6);
      resolvConf =
          ResolvConf.direct(
              new DnsSettings(reachable.servers(), effective.search(), effective.options()));
    } else {
      resolvConf =
          sandbox.dns().equals(DnsSettings.NONE)
              ? read(settings.resolvConf())
              : ResolvConf.direct(effective);
    }
    List<InetAddress> addresses =
        sandbox.endpoints().stream()
            .filter(StoredEndpoint::wired)
            .flatMap(e -> e.addresses().stream())
            .toList();
    return new ContainerFiles(
        resolvConf,
        own
            ? HostsFile.text(sandbox.container(), addresses, extra, hostGateway)
            : HostsFile.ofHost(read(HOSTS), extra, hostGateway));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      LOG.warn("cannot read {}: {}", file, e.toString());
      return "";
    }
  }
}
