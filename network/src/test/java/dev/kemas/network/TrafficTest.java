package dev.kemas.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.linux.NetworkNamespace;
import dev.kemas.linux.Sysctl;
import dev.kemas.network.PortRequest.Protocol;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where packets go and where they do not. */
final class TrafficTest {
  @TempDir Path folder;
  private Lab lab;
  private Networks networks;

  @BeforeEach
  void makeHost() {
    lab = new Lab(folder);
    networks = lab.open();
  }

  @AfterEach
  void removeHost() throws Exception {
    lab.close();
  }

  private Sandbox open(String name, String network, PortRequest... ports) {
    return networks.open(Lab.sandbox(name, network).withPorts(List.of(ports)));
  }

  @Test
  void aContainerOnTheDefaultNetworkReachesTheOutsideUnderTheHostsAddress() throws Exception {
    lab.owns(Talk.serveTcp(lab.outside, 7000, "outside"));
    Sandbox sandbox = open("c1", Network.BRIDGE);
    Endpoint endpoint = sandbox.endpoints().getFirst();

    assertThat(sandbox.endpoints()).hasSize(1);
    assertThat(endpoint.interfaceName()).isEqualTo("eth0");
    assertThat(endpoint.ipv4().orElseThrow().address()).isEqualTo(Lab.ip("172.17.0.2"));
    assertThat(endpoint.ipv4().orElseThrow().gateway()).contains(Lab.ip("172.17.0.1"));
    assertThat(endpoint.mac().orElseThrow()).hasToString("02:42:ac:11:00:02");
    assertThat(Talk.tcp(lab.inside(sandbox), Lab.OUTSIDE, 7000))
        .isEqualTo("outside to 203.0.113.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1"})
  void aPublishedPortIsReachedFromEverywhere(String bridgeFilter) throws Exception {
    lab.host.run(() -> Sysctl.write("net/bridge/bridge-nf-call-iptables", bridgeFilter));
    Sandbox server = open("server", Network.BRIDGE, PortRequest.of(Protocol.TCP, 80, 5000));
    Sandbox client = open("client", Network.BRIDGE);
    networks.create(NetworkSpec.of("other"));
    Sandbox stranger = open("stranger", "other");
    NetworkNamespace inside = lab.inside(server);
    lab.owns(Talk.serveTcp(inside, 80, "hello"));

    assertThat(Talk.tcp(lab.host, Lab.ip("127.0.0.1"), 5000)).startsWith("hello");
    assertThat(Talk.tcp(lab.host, Lab.HOST, 5000)).startsWith("hello");
    assertThat(Talk.tcp(lab.host, Lab.ip("172.17.0.1"), 5000)).startsWith("hello");
    assertThat(Talk.tcp(lab.outside, Lab.HOST, 5000)).isEqualTo("hello to 203.0.113.2");
    assertThat(Talk.tcp(lab.inside(client), Lab.HOST, 5000)).startsWith("hello");
    assertThat(Talk.tcp(lab.inside(stranger), Lab.HOST, 5000)).startsWith("hello");
    networks.settle();
    assertThat(Talk.tcp(inside, Lab.HOST, 5000)).as("by itself").startsWith("hello");
  }

  @Test
  void aPublishedUdpPortIsReachedFromHostAndOutside() throws Exception {
    Sandbox server = open("server", Network.BRIDGE, PortRequest.of(Protocol.UDP, 53, 5353));
    lab.owns(Talk.serveUdp(lab.inside(server), 53, "dns"));

    assertThat(Talk.udp(lab.host, Lab.ip("127.0.0.1"), 5353)).startsWith("dns");
    assertThat(Talk.udp(lab.outside, Lab.HOST, 5353)).isEqualTo("dns to 203.0.113.2");
  }

  @Test
  void aPortOnOneHostAddressIsNotOnTheOthers() throws Exception {
    Sandbox server =
        open(
            "server",
            Network.BRIDGE,
            PortRequest.of(Protocol.TCP, 80, 5000).withHostAddress(Lab.ip("127.0.0.1")));
    lab.owns(Talk.serveTcp(lab.inside(server), 80, "hello"));

    assertThat(Talk.tcp(lab.host, Lab.ip("127.0.0.1"), 5000)).startsWith("hello");
    assertThat(Talk.reaches(lab.outside, Lab.HOST, 5000)).isFalse();
    assertThat(Talk.reaches(lab.host, Lab.HOST, 5000)).isFalse();
  }

  @Test
  void containersOfOneNetworkTalkAndThoseOfTwoDoNot() throws Exception {
    networks.create(NetworkSpec.of("other"));
    Sandbox server = open("server", Network.BRIDGE);
    Sandbox friend = open("friend", Network.BRIDGE);
    Sandbox stranger = open("stranger", "other");
    lab.owns(Talk.serveTcp(lab.inside(server), 80, "hello"));
    var address = server.endpoints().getFirst().ipv4().orElseThrow().address();

    assertThat(Talk.tcp(lab.inside(friend), address, 80)).startsWith("hello");
    assertThat(Talk.tcp(lab.host, address, 80)).startsWith("hello");
    assertThat(Talk.reaches(lab.inside(stranger), address, 80)).isFalse();
  }

  @Test
  void anUnpublishedPortIsNotReachedFromOutside() throws Exception {
    Sandbox server = open("server", Network.BRIDGE);
    lab.owns(Talk.serveTcp(lab.inside(server), 80, "hello"));
    // even for somebody who sends it to this host on purpose
    try (var routes = dev.kemas.netlink.Rtnetlink.open(lab.outside)) {
      routes.execute(
          new dev.kemas.netlink.LinkRequest.SetRoute(
              new dev.kemas.netlink.Route(
                  java.util.Optional.of(Lab.ip("172.17.0.0")),
                  16,
                  java.util.Optional.of(Lab.HOST),
                  0,
                  false)));
    }
    assertThat(Talk.reaches(lab.outside, Lab.ip("172.17.0.2"), 80)).isFalse();
  }

  @Test
  void anInternalNetworkHasNoWayOutAndNoneIn() throws Exception {
    networks.create(NetworkSpec.of("closed").withInternal(true));
    lab.owns(Talk.serveTcp(lab.outside, 7000, "outside"));
    Sandbox open = open("open", Network.BRIDGE, PortRequest.of(Protocol.TCP, 80, 5000));
    lab.owns(Talk.serveTcp(lab.inside(open), 80, "open"));
    Sandbox a = open("a", "closed", PortRequest.of(Protocol.TCP, 80, 5001));
    Sandbox b = open("b", "closed");
    lab.owns(Talk.serveTcp(lab.inside(a), 80, "closed"));
    var address = a.endpoints().getFirst().ipv4().orElseThrow();

    assertThat(a.ports()).isEmpty();
    assertThat(address.gateway()).isEmpty();
    assertThat(Talk.tcp(lab.inside(b), address.address(), 80)).startsWith("closed");
    assertThat(Talk.reaches(lab.inside(b), Lab.OUTSIDE, 7000)).isFalse();
    assertThat(Talk.reaches(lab.inside(b), Lab.HOST, 5000)).isFalse();
    // with a route of its own it gets no further
    NetworkNamespace inside = lab.inside(b);
    try (var routes = dev.kemas.netlink.Rtnetlink.open(inside)) {
      int eth0 = routes.link("eth0").orElseThrow().index();
      var gateway = networks.get("closed").ipam().getFirst().gateway();
      routes.execute(
          new dev.kemas.netlink.LinkRequest.SetRoute(
              dev.kemas.netlink.Route.byDefault(gateway, eth0)));
    }
    assertThat(Talk.reaches(inside, Lab.OUTSIDE, 7000)).isFalse();
    assertThat(Talk.reaches(inside, Lab.HOST, 5000)).isFalse();
    assertThat(Talk.reaches(inside, Lab.ip("172.17.0.2"), 80)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1"})
  void withoutInterContainerTrafficOnlyPublishedPortsAreReached(String bridgeFilter)
      throws Exception {
    lab.host.run(() -> Sysctl.write("net/bridge/bridge-nf-call-iptables", bridgeFilter));
    networks.create(
        NetworkSpec.of("apart").withOptions(Map.of(NetworkPlanner.OPTION_ICC, "false")));
    Sandbox a = open("a", "apart", PortRequest.of(Protocol.TCP, 80, 5000));
    Sandbox b = open("b", "apart");
    lab.owns(Talk.serveTcp(lab.inside(a), 80, "hello"));
    var address = a.endpoints().getFirst().ipv4().orElseThrow().address();

    assertThat(Talk.reaches(lab.inside(b), address, 80)).isFalse();
    assertThat(Talk.tcp(lab.inside(b), Lab.HOST, 5000)).startsWith("hello");
  }

  @Test
  void withoutMasqueradeTheOutsideSeesTheContainersAddress() throws Exception {
    networks.create(
        NetworkSpec.of("plain")
            .withIpam(List.of(NetworkSpec.Ipam.parse("10.77.0.0/24", "", "", Map.of())))
            .withOptions(Map.of(NetworkPlanner.OPTION_MASQUERADE, "false")));
    Sandbox a = open("a", "plain");
    try (var routes = dev.kemas.netlink.Rtnetlink.open(lab.outside)) {
      routes.execute(
          new dev.kemas.netlink.LinkRequest.SetRoute(
              new dev.kemas.netlink.Route(
                  java.util.Optional.of(Lab.ip("10.77.0.0")),
                  24,
                  java.util.Optional.of(Lab.HOST),
                  0,
                  false)));
    }
    lab.owns(Talk.serveTcp(lab.outside, 7000, "outside"));
    assertThat(Talk.tcp(lab.inside(a), Lab.OUTSIDE, 7000)).isEqualTo("outside to 10.77.0.2");
  }

  @Test
  void aContainerDoesNotReachTheHostsLoopback() throws Exception {
    Sandbox a = open("a", Network.BRIDGE, PortRequest.of(Protocol.TCP, 80, 5000));
    lab.owns(Talk.serveTcp(lab.host, 6000, "private"));
    NetworkNamespace inside = lab.inside(a);
    // the container is root in its namespace: it may send 127.0.0.1 to the bridge
    inside.run(() -> {
      Sysctl.write("net/ipv4/conf/eth0/route_localnet", "1");
      Sysctl.write("net/ipv4/conf/all/route_localnet", "1");
    });
    try (var links = dev.kemas.netlink.Rtnetlink.open(inside)) {
      int eth0 = links.link("eth0").orElseThrow().index();
      links.execute(
          List.of(
              new dev.kemas.netlink.LinkRequest.DeleteAddress(
                  new dev.kemas.netlink.LinkAddress(1, Lab.ip("127.0.0.1"), 8)),
              new dev.kemas.netlink.LinkRequest.SetRoute(
                  new dev.kemas.netlink.Route(
                      java.util.Optional.of(Lab.ip("127.0.0.0")),
                      8,
                      java.util.Optional.of(Lab.ip("172.17.0.1")),
                      eth0,
                      false))));
    }
    assertThat(Talk.reaches(inside, Lab.ip("127.0.0.1"), 6000)).isFalse();
    assertThat(Talk.reaches(inside, Lab.ip("172.17.0.1"), 6000)).as("on 0.0.0.0").isTrue();
  }

  @Test
  void hostAndNoneModes() {
    Sandbox host = open("h", Network.HOST);
    assertThat(host.namespace()).isEmpty();
    assertThat(host.endpoints().getFirst().addresses()).isEmpty();
    Sandbox none = open("n", Network.NONE);
    try (var links = dev.kemas.netlink.Rtnetlink.open(lab.inside(none))) {
      assertThat(links.links()).map(dev.kemas.netlink.LinkInfo::name).containsExactly("lo");
      assertThat(links.link("lo").orElseThrow().up()).isTrue();
    }
  }
}
