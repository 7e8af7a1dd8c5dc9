package dev.kemas.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.address.AddressPool;
import dev.kemas.fault.Fault;
import dev.kemas.netlink.LinkAddress;
import dev.kemas.netlink.LinkInfo;
import dev.kemas.netlink.LinkRequest;
import dev.kemas.netlink.LinkSettings;
import dev.kemas.netlink.Rtnetlink;
import dev.kemas.network.PortRequest.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks and endpoints as their users see them, faults in Docker's words included. */
final class NetworksTest {
  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void makeHost() {
    lab = new Lab(folder);
  }

  @AfterEach
  void removeHost() throws IOException {
    lab.close();
  }

  private static NetworkSpec subnet(String name, String cidr) {
    return NetworkSpec.of(name).withIpam(List.of(NetworkSpec.Ipam.parse(cidr, "", "", Map.of())));
  }

  @Test
  void threeNetworksArePredefinedAndStay() {
    Networks networks = lab.open();
    assertThat(networks.list()).map(Network::name).containsExactly("bridge", "host", "none");
    Network bridge = networks.get("bridge");
    assertThat(bridge.ipam().getFirst().subnet()).hasToString("172.17.0.0/16");
    assertThat(bridge.mtu()).as("of the way out").isEqualTo(1400);
    assertThat(bridge.options())
        .containsEntry("com.docker.network.bridge.default_bridge", "true")
        .containsEntry("com.docker.network.bridge.name", "kemas-t");
    assertThatThrownBy(() -> networks.remove("bridge"))
        .isInstanceOf(Fault.Forbidden.class)
        .hasMessage("bridge is a pre-defined network and cannot be removed");
    assertThatThrownBy(() -> networks.create(NetworkSpec.of("host")))
        .isInstanceOf(Fault.Forbidden.class)
        .hasMessage("operation is not permitted on predefined host network");
    assertThat(networks.unused()).isEmpty();
  }

  @Test
  void aNetworkIsFoundByNameIdAndUniqueStartOfItsId() {
    Networks networks = lab.open();
    Network made = networks.create(NetworkSpec.of("web").withLabels(Map.of("a", "b\nc\\d")));
    assertThat(made.id()).matches("[0-9a-f]{64}");
    assertThat(networks.get("web")).isEqualTo(made);
    assertThat(networks.get(made.id())).isEqualTo(made);
    assertThat(networks.get(made.id().substring(0, 20))).isEqualTo(made);
    assertThatThrownBy(() -> networks.get("nope"))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessage("network nope not found");
    for (int i = 0; i < 17; i++) {
      networks.create(subnet("n" + i, "10.50." + i + ".0/24"));
    }
    Set<Character> starts = new HashSet<>();
    char twice =
        networks.list().stream()
            .map(n -> n.id().charAt(0))
            .filter(c -> !starts.add(c))
            .findFirst()
            .orElseThrow();
    assertThatThrownBy(() -> networks.get(String.valueOf(twice)))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageMatching(
            "network " + twice + " is ambiguous \\(\\d+ matches found based on ID prefix\\)");
  }

  @Test
  void namesAndSubnetsAreUnique() {
    Networks networks = lab.open();
    networks.create(subnet("web", "10.60.0.0/24"));
    assertThatThrownBy(() -> networks.create(NetworkSpec.of("web")))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessage("network with name web already exists");
    assertThatThrownBy(() -> networks.create(subnet("two", "10.60.0.128/25")))
        .isInstanceOf(Fault.Forbidden.class)
        .hasMessage("invalid pool request: Pool overlaps with other one on this address space");
    assertThat(networks.list()).hasSize(4);
  }

  @Test
  void aWrongWishIsRefusedAndLeavesNothing() {
    Networks networks = lab.open();
    List<String> links = lab.links();
    for (String name : List.of("", "a b", "-a", "a/b")) {
      assertThatThrownBy(() -> networks.create(NetworkSpec.of(name)))
          .isInstanceOf(Fault.InvalidArgument.class)
          .hasMessageStartingWith("invalid network name");
    }
    assertThatThrownBy(() ->
            networks.create(
                NetworkSpec.of("x")
                    .withIpam(
                        List.of(NetworkSpec.Ipam.parse("10.1.0.0/24", "", "10.2.0.1", Map.of())))))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessage("no matching subnet for gateway 10.2.0.1");
    assertThatThrownBy(() -> NetworkSpec.Ipam.parse("10.1.0.0/40", "", "", Map.of()))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessage("invalid CIDR address: 10.1.0.0/40");
    assertThatThrownBy(() -> networks.create(NetworkSpec.of("x").withDriver("overlay")))
        .isInstanceOf(Fault.NotFound.class);
    assertThatThrownBy(() ->
            networks.create(
                NetworkSpec.of("x").withOptions(Map.of(NetworkPlanner.OPTION_NAME, "kemas-t"))))
        .isInstanceOf(Fault.Conflict.class);
    assertThat(networks.list()).hasSize(3);
    assertThat(lab.links()).isEqualTo(links);
  }

  @Test
  void optionsReachTheBridge() {
    Networks networks = lab.open();
    networks.create(
        subnet("web", "10.61.0.0/24")
            .withOptions(
                Map.of(NetworkPlanner.OPTION_NAME, "mybridge", NetworkPlanner.OPTION_MTU, "1280")));
    try (Rtnetlink links = Rtnetlink.open(lab.host)) {
      LinkInfo bridge = links.link("mybridge").orElseThrow();
      assertThat(bridge.kind()).isEqualTo("bridge");
      assertThat(links.addresses())
          .contains(new LinkAddress(bridge.index(), Lab.ip("10.61.0.1"), 24));
    }
    Sandbox sandbox = networks.open(Lab.sandbox("c", "web"));
    try (Rtnetlink links = Rtnetlink.open(lab.inside(sandbox))) {
      assertThat(links.link("eth0").orElseThrow().mtu()).isEqualTo(1280);
    }
  }

  @Test
  void aNetworkWithEndpointsIsNotRemoved() {
    Networks networks = lab.open();
    networks.create(NetworkSpec.of("web"));
    Sandbox sandbox = networks.open(Lab.sandbox("c1", "web"));
    String endpoint = sandbox.endpoints().getFirst().id().substring(0, 12);
    assertThat(networks.unused()).isEmpty();
    assertThatThrownBy(() -> networks.remove("web"))
        .isInstanceOf(Fault.Forbidden.class)
        .hasMessage(
            "error while removing network: network web has active endpoints (name:\"c1\" id:\""
                + endpoint
                + "\")");
    networks.close("c1");
    assertThat(networks.unused()).map(Network::name).containsExactly("web");
    networks.remove("web");
    assertThat(networks.list()).hasSize(3);
  }

  @Test
  void subnetsThatTheHostReachesAreLeftOut() {
    try (Rtnetlink links = Rtnetlink.open(lab.host)) {
      links.execute(new LinkRequest.AddBridge(LinkSettings.named("vpn").asUp()));
      int vpn = links.link("vpn").orElseThrow().index();
      links.execute(
          List.of(
              new LinkRequest.AddAddress(new LinkAddress(vpn, Lab.ip("172.17.5.1"), 24)),
              new LinkRequest.SetRoute(
                  new dev.kemas.netlink.Route(
                      java.util.Optional.of(Lab.ip("172.18.0.0")),
                      15,
                      java.util.Optional.empty(),
                      vpn,
                      false))));
      Networks networks = lab.open();
      assertThat(networks.get("bridge").ipam().getFirst().subnet()).hasToString("172.20.0.0/16");
      assertThatThrownBy(() ->
              lab.open(
                      lab.settings("u")
                          .withPools(List.of(AddressPool.of("172.17.0.0/16", 24)))
                          .withBip(NetworkSettings.GatewayInSubnet.parse("10.9.9.1/24")),
                      new MemoryRecords())
                  .create(subnet("ok", "10.9.9.128/25")))
          .isInstanceOf(Fault.Forbidden.class);
      links.execute(new LinkRequest.Delete("vpn"));
    }
  }

  @Test
  void addressesAreGivenOutInACircleAndFixedOnesOnlyOnce() {
    Networks networks = lab.open();
    networks.create(subnet("small", "10.62.0.0/29"));
    assertThat(address(networks.open(Lab.sandbox("a", "small")))).isEqualTo("10.62.0.2");
    networks.close("a");
    networks.settle();
    assertThat(address(networks.open(Lab.sandbox("b", "small")))).isEqualTo("10.62.0.3");
    for (String name : List.of("c", "d", "e", "f")) {
      networks.open(Lab.sandbox(name, "small"));
    }
    assertThatThrownBy(() -> networks.open(Lab.sandbox("g", "small")))
        .isInstanceOf(Fault.ResourceExhausted.class);
    networks.close("c");
    networks.settle();
    EndpointSpec fixed = EndpointSpec.to("small").withAddress(Lab.ip("10.62.0.4"));
    Sandbox g = networks.open(Lab.sandbox("g").withEndpoints(List.of(fixed)));
    assertThat(address(g)).isEqualTo("10.62.0.4");
    assertThatThrownBy(() -> networks.open(Lab.sandbox("h").withEndpoints(List.of(fixed))))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageStartingWith("Address already in use");
    assertThatThrownBy(() ->
            networks.open(
                Lab.sandbox("i")
                    .withEndpoints(
                        List.of(EndpointSpec.to("small").withAddress(Lab.ip("10.1.1.1"))))))
        .isInstanceOf(Fault.InvalidArgument.class);
    assertThatThrownBy(() ->
            networks.open(
                Lab.sandbox("i")
                    .withEndpoints(
                        List.of(EndpointSpec.to("bridge").withAddress(Lab.ip("172.17.0.9"))))))
        .hasMessageContaining("user specified IP address is supported on user defined networks");
    assertThat(networks.sandboxes()).hasSize(5);
  }

  private static String address(Sandbox sandbox) {
    return sandbox.endpoints().getFirst().ipv4().orElseThrow().address().getHostAddress();
  }

  @Test
  void aContainerIsConnectedAndDisconnectedWhileItRunsAndItsPortsFollowTheWayOut()
      throws Exception {
    Networks networks = lab.open();
    networks.create(subnet("aaa", "10.63.0.0/24"));
    networks.create(subnet("zzz", "10.64.0.0/24"));
    Sandbox sandbox =
        networks.open(
            Lab.sandbox("c1", "zzz").withPorts(List.of(PortRequest.of(Protocol.TCP, 80, 5000))));
    lab.owns(Talk.serveTcp(lab.inside(sandbox), 80, "hello"));
    lab.owns(Talk.serveTcp(lab.outside, 7000, "outside"));
    assertThat(Talk.tcp(lab.outside, Lab.HOST, 5000)).startsWith("hello");

    Sandbox both = networks.connect("c1", EndpointSpec.to("aaa"));
    assertThat(both.endpoints()).map(Endpoint::interfaceName).containsExactly("eth0", "eth1");
    assertThat(both.gateway().orElseThrow().networkName()).isEqualTo("aaa");
    assertThat(Talk.tcp(lab.outside, Lab.HOST, 5000)).startsWith("hello");
    assertThat(Talk.tcp(lab.inside(sandbox), Lab.OUTSIDE, 7000)).startsWith("outside");
    assertThatThrownBy(() -> networks.connect("c1", EndpointSpec.to("aaa")))
        .isInstanceOf(Fault.Forbidden.class)
        .hasMessage("endpoint with name c1 already exists in network aaa");
    assertThatThrownBy(() -> networks.connect("c1", EndpointSpec.to("host")))
        .isInstanceOf(Fault.InvalidArgument.class);

    Sandbox left = networks.disconnect("c1", "zzz");
    assertThat(left.endpoints()).map(Endpoint::networkName).containsExactly("aaa");
    assertThat(Talk.tcp(lab.outside, Lab.HOST, 5000)).startsWith("hello");
    assertThat(Talk.tcp(lab.inside(sandbox), Lab.OUTSIDE, 7000)).startsWith("outside");
    assertThatThrownBy(() -> networks.disconnect("c1", "zzz"))
        .isInstanceOf(Fault.Forbidden.class)
        .hasMessageContaining("is not connected to network zzz");

    assertThat(networks.disconnect("c1", "aaa").ports()).isEmpty();
    assertThat(Talk.reaches(lab.outside, Lab.HOST, 5000)).isFalse();
    Sandbox again = networks.connect("c1", EndpointSpec.to("zzz"));
    assertThat(again.ports()).hasSize(1);
    assertThat(Talk.tcp(lab.outside, Lab.HOST, 5000)).startsWith("hello");
    assertThatThrownBy(() -> networks.connect("nobody", EndpointSpec.to("zzz")))
        .isInstanceOf(Fault.NotFound.class);
  }

  @Test
  void theHighestPriorityIsTheWayOutThenTheFirstName() {
    Networks networks = lab.open();
    networks.create(subnet("aaa", "10.63.0.0/24"));
    networks.create(subnet("zzz", "10.64.0.0/24"));
    networks.create(subnet("internal", "10.65.0.0/24").withInternal(true));
    Sandbox plain = networks.open(Lab.sandbox("p", "internal", "zzz", "aaa"));
    assertThat(plain.gateway().orElseThrow().networkName()).isEqualTo("aaa");
    Sandbox chosen =
        networks.open(
            Lab.sandbox("q")
                .withEndpoints(
                    List.of(
                        EndpointSpec.to("aaa"),
                        EndpointSpec.to("zzz").withGatewayPriority(5).withInterfaceName("up0"))));
    assertThat(chosen.gateway().orElseThrow().networkName()).isEqualTo("zzz");
    assertThat(chosen.endpoints()).map(Endpoint::interfaceName).containsExactly("eth0", "up0");
    try (Rtnetlink links = Rtnetlink.open(lab.inside(chosen))) {
      assertThat(links.routes())
          .contains(
              dev.kemas.netlink.Route.byDefault(
                  Lab.ip("10.64.0.1"), links.link("up0").orElseThrow().index()));
    }
  }

  @Test
  void ipv6IsGivenWhereItIsAskedFor() throws Exception {
    Networks networks = lab.open();
    networks.create(NetworkSpec.of("six").withIpv6(true));
    Sandbox a = networks.open(Lab.sandbox("a", "six"));
    Sandbox b = networks.open(Lab.sandbox("b", "six"));
    Endpoint.Address six = a.endpoints().getFirst().ipv6().orElseThrow();
    assertThat(six.prefixLength()).isEqualTo(64);
    assertThat(six.address().getHostAddress()).startsWith("fd");
    lab.owns(Talk.serveTcp(lab.inside(a), 80, "six", java.net.StandardProtocolFamily.INET6));
    assertThat(Talk.tcp(lab.inside(b), six.address(), 80)).startsWith("six");
    Sandbox four = networks.open(Lab.sandbox("c", "bridge"));
    try (Rtnetlink links = Rtnetlink.open(lab.inside(four))) {
      int eth0 = links.link("eth0").orElseThrow().index();
      assertThat(links.addresses())
          .filteredOn(x -> x.link() == eth0)
          .allMatch(x -> x.address().getAddress().length == 4);
    }
  }

  @Test
  void nothingWorksBeforeReconciliationAndAfterTheEnd() {
    Networks networks = Networks.open(lab.settings("t"), new MemoryRecords());
    assertThatThrownBy(() -> networks.create(NetworkSpec.of("x")))
        .isInstanceOf(Fault.Unavailable.class);
    assertThat(networks.examine()).isNotEmpty();
    networks.close();
    assertThatThrownBy(() -> networks.open(Lab.sandbox("x", "bridge")))
        .isInstanceOf(Fault.Unavailable.class);
  }

  @Test
  void theDoctorNamesATableThatDropsForwardedPackets() {
    Networks networks = lab.open();
    assertThat(networks.examine()).allMatch(c -> c.state() == dev.kemas.host.HostCheck.State.OK);
    Lab.rules(
        lab.host,
        "table ip filter {\n chain FORWARD {\n type filter hook forward priority 0; policy drop;\n}\n}");
    assertThat(networks.examine())
        .filteredOn(c -> c.state() == dev.kemas.host.HostCheck.State.DEGRADED)
        .singleElement()
        .satisfies(c -> {
          assertThat(c.finding()).contains("FORWARD").contains("ip filter");
          assertThat(c.remedy()).contains("iptables -I FORWARD -i kemas-t -j ACCEPT");
        });
    Lab.rules(lab.host, "delete table ip filter");
  }

  @Test
  void othersRulesAreLeftAlone() {
    String others =
        "table ip mine {\n chain c {\n type filter hook input priority 0; policy accept;\n"
            + " tcp dport 1 drop\n}\n}";
    Lab.rules(lab.host, others);
    String before = lab.rules();
    Networks networks = lab.open();
    networks.open(
        Lab.sandbox("c", "bridge").withPorts(List.of(PortRequest.of(Protocol.TCP, 80, 5000))));
    assertThat(lab.rules()).contains(before.strip());
    networks.close("c");
    assertThat(lab.rules()).contains(before.strip()).doesNotContain(". 5000 :");
    networks.remove(networks.create(NetworkSpec.of("web")).id());
    assertThat(lab.rules()).contains(before.strip());
    Lab.rules(lab.host, "delete table ip mine");
  }
}
