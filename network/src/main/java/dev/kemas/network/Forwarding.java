package dev.kemas.network;

import dev.kemas.netlink.LinkInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Switches on that the host passes packets on. What was changed is recorded with what it was
 * before, so that a person can tell who did it; it is never switched off, since others may rely on
 * it by then.
 */
final class Forwarding {
  private static final String KIND = "host";
  private static final String IPV4 = "net/ipv4/ip_forward";
  private static final String IPV6 = "net/ipv6/conf/all/forwarding";

  private final HostKernel kernel;

  Forwarding(HostKernel kernel) {
    this.kernel = kernel;
  }

  /** Of IPv4; what was done, for people. */
  List<String> ipv4() {
    return isOff(IPV4) ? List.of(set(IPV4, "0", "1")) : List.of();
  }

  /** Of IPv6; what was done, for people. */
  List<String> ipv6() {
    List<String> done = new ArrayList<>();
    if (isOff(IPV6)) {
      for (LinkInfo link : kernel.links()) {
        // a router ignores other routers' advertisements unless told otherwise, and the host would
        // lose its own way out (ip-sysctl, accept_ra)
        String accept = "net/ipv6/conf/" + link.name() + "/accept_ra";
        if (!link.loopback() && kernel.readParameter(accept).equals(Optional.of("1"))) {
          done.add(set(accept, "1", "2"));
        }
      }
      done.add(set(IPV6, "0", "1"));
    }
    return done;
  }

  private boolean isOff(String parameter) {
    return kernel.readParameter(parameter).equals(Optional.of("0"));
  }

  private String set(String parameter, String before, String value) {
    String body = new RecordText().put("before", before).toString();
    kernel.put(new NetworkRecords.Entry(KIND, parameter, body));
    kernel.writeParameter(parameter, value);
    return "set the kernel parameter " + parameter + " to " + value;
  }
}
