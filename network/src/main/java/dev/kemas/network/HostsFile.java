package dev.kemas.network;

import dev.kemas.address.Subnet;
import dev.kemas.fault.Fault;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** The file hosts(5) of a container. Pure. */
final class HostsFile {
  private static final String FIXED =
      """
      127.0.0.1\tlocalhost
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::\tip6-localnet
      ff00::\tip6-mcastprefix
      ff02::1\tip6-allnodes
      ff02::2\tip6-allrouters
      """;

  private HostsFile() {}

  /** A container's own file: the usual lines, extra hosts, itself. */
  static String text(
      SandboxSpec.Container container,
      List<InetAddress> addresses,
      List<ExtraHost> extra,
      Optional<InetAddress> hostGateway) {
    StringBuilder text = new StringBuilder(FIXED);
    append(text, extra, hostGateway);
    String names =
        container.domainname().isEmpty()
            ? container.hostname()
            : container.hostname() + "." + container.domainname() + " " + container.hostname();
    for (InetAddress address : addresses) {
      text.append(Subnet.text(address)).append('\t').append(names).append('\n');
    }
    return text.toString();
  }

  /** The host's file with extra hosts, for a container in the host's namespace. */
  static String ofHost(String hostFile, List<ExtraHost> extra, Optional<InetAddress> hostGateway) {
    StringBuilder text = new StringBuilder(hostFile);
    if (!hostFile.isEmpty() && !hostFile.endsWith("\n")) {
      text.append('\n');
    }
    append(text, extra, hostGateway);
    return text.toString();
  }

  private static void append(
      StringBuilder text, List<ExtraHost> extra, Optional<InetAddress> hostGateway) {
    for (ExtraHost host : extra) {
      InetAddress address =
          host.address()
              .or(() -> hostGateway)
              .orElseThrow(() ->
                  new Fault.InvalidArgument(
                      "unable to derive the IP value for host-gateway: there is no default"
                          + " network; set --host-gateway-ip"));
      text.append(Subnet.text(address)).append('\t').append(host.name()).append('\n');
    }
  }
}
