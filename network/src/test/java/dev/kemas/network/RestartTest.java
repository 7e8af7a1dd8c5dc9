package dev.kemas.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.address.MacAddress;
import dev.kemas.linux.NetworkNamespace;
import dev.kemas.netlink.LinkRequest;
import dev.kemas.netlink.Rtnetlink;
import dev.kemas.network.PortRequest.Protocol;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon goes and comes; containers do not notice. */
final class RestartTest {
  @TempDir Path folder;
  private Lab lab;
  private final MemoryRecords records = new MemoryRecords();

  @BeforeEach
  void makeHost() {
    lab = new Lab(folder);
  }

  @AfterEach
  void removeHost() throws IOException {
    lab.close();
  }

  private Networks first() {
    Networks networks = Networks.open(lab.settings("t"), records);
    networks.reconcile(Set.of());
    return networks;
  }

  private Networks next(Set<String> live) {
    Networks networks = Networks.open(lab.settings("t"), records);
    lab.owns(networks::destroy);
    networks.reconcile(live);
    return networks;
  }

  private static SandboxSpec server() {
    return Lab.sandbox("server", "bridge")
        .withPorts(List.of(PortRequest.of(Protocol.TCP, 80, 5000)));
  }

  @Test
  void aContainerIsReachedWhileThereIsNoDaemonAndAfter() throws IOException {
    Networks before = first();
    before.create(NetworkSpec.of("web"));
    Sandbox sandbox = before.open(server());
    Sandbox named = before.open(Lab.sandbox("named", "web"));
    lab.owns(Talk.serveTcp(lab.inside(sandbox), 80, "hello"));
    before.close();
    assertThat(Talk.tcp(lab.outside, Lab.HOST, 5000)).startsWith("hello");

    Networks after = next(Set.of("server", "named"));
    assertThat(after.sandbox("server")).contains(sandbox);
    assertThat(after.sandbox("named")).contains(named);
    assertThat(Talk.tcp(lab.outside, Lab.HOST, 5000)).startsWith("hello");
    assertThatThrownBy(() -> Talk.serveTcp(lab.host, 5000, "x"))
        .as("the port is held again")
        .hasRootCauseInstanceOf(BindException.class);
    Sandbox later = after.open(Lab.sandbox("later", "bridge"));
    assertThat(later.endpoints().getFirst().ipv4())
        .isNotEqualTo(sandbox.endpoints().getFirst().ipv4());
  }

  @Test
  void whatEndedMeanwhileIsRemoved() {
    Networks before = first();
    before.open(server());
    before.close();
    Networks after = next(Set.of());
    after.settle();
    assertThat(after.sandboxes()).isEmpty();
    assertThat(records.ids("sandbox")).isEmpty();
    assertThat(lab.links()).containsExactly("kemas-t", "lo", "wan");
    after.open(server());
  }

  @Test
  void brokenLinksRulesAndRoutesAreMended() throws IOException {
    Networks before = first();
    Sandbox sandbox = before.open(server());
    lab.owns(Talk.serveTcp(lab.inside(sandbox), 80, "hello"));
    before.close();
    try (Rtnetlink links = Rtnetlink.open(lab.host)) {
      links.execute(new LinkRequest.Delete("kemas-t"));
    }
    Lab.rules(lab.host, "flush ruleset");
    Networks after = Networks.open(lab.settings("t"), records);
    lab.owns(after::destroy);
    Reconciliation result = after.reconcile(Set.of("server"));
    assertThat(result.kept()).containsExactly("server");
    assertThat(result.repaired()).anyMatch(line -> line.contains("kemas-t"));
    assertThat(Talk.tcp(lab.outside, Lab.HOST, 5000)).startsWith("hello");
  }

  @Test
  void aSandboxWhoseNamespaceIsGoneIsReportedLost() {
    Networks before = first();
    Sandbox sandbox = before.open(server());
    before.close();
    NetworkNamespace.remove(sandbox.namespace().orElseThrow());
    Networks after = Networks.open(lab.settings("t"), records);
    lab.owns(after::destroy);
    Reconciliation result = after.reconcile(Set.of("server", "unheard-of"));
    assertThat(result.kept()).isEmpty();
    assertThat(result.lost()).containsExactlyInAnyOrder("server", "unheard-of");
    after.settle();
    assertThat(records.ids("sandbox")).isEmpty();
  }

  @Test
  void thePortThatAnotherProgramTookIsStillForwarded() throws IOException {
    Networks before = first();
    Sandbox sandbox = before.open(server());
    lab.owns(Talk.serveTcp(lab.inside(sandbox), 80, "hello"));
    before.close();
    lab.owns(Talk.serveTcp(lab.host, 5000, "program"));
    next(Set.of("server"));
    assertThat(Talk.tcp(lab.outside, Lab.HOST, 5000)).startsWith("hello");
  }

  @Test
  void otherSettingsMakeTheDefaultNetworkAnewWhenNobodyIsInIt() {
    first().close();
    NetworkSettings settings =
        lab.settings("t")
            .withBip(NetworkSettings.GatewayInSubnet.parse("10.99.0.1/24"))
            .withBridgeName("elsewhere");
    Networks after = lab.open(settings, records);
    Network bridge = after.get("bridge");
    assertThat(bridge.ipam().getFirst().subnet()).hasToString("10.99.0.0/24");
    assertThat(lab.links()).containsExactly("elsewhere", "lo", "wan");
  }

  @Test
  void sparesAreTakenRefilledAndGoneAtTheEnd() {
    Networks networks = Networks.open(lab.settings("t").withSpares(2), records);
    networks.reconcile(Set.of());
    networks.settle();
    assertThat(records.ids("spare")).hasSize(2);
    Sandbox sandbox = networks.open(server());
    assertThat(sandbox.endpoints().getFirst().interfaceName()).isEqualTo("eth0");
    networks.settle();
    assertThat(records.ids("spare"))
        .hasSize(2)
        .doesNotContain(String.valueOf(sandbox.namespace().orElseThrow().getFileName()));
    networks.close();
    assertThat(records.ids("spare")).isEmpty();
    Networks after = next(Set.of("server"));
    assertThat(after.sandboxes()).hasSize(1);
  }

  @Test
  void aSpareTakesOnWhatIsAskedOfIt() throws IOException {
    Networks networks = Networks.open(lab.settings("t").withSpares(2), records);
    lab.owns(networks::destroy);
    networks.reconcile(Set.of());
    networks.create(NetworkSpec.of("aaa"));
    networks.settle();
    lab.owns(Talk.serveTcp(lab.outside, 7000, "outside"));
    Sandbox own =
        networks.open(
            Lab.sandbox("own")
                .withEndpoints(
                    List.of(
                        EndpointSpec.to("bridge").withMac(MacAddress.parse("02:00:00:00:00:07")))));
    Sandbox both = networks.open(Lab.sandbox("both", "bridge", "aaa"));
    assertThat(own.endpoints().getFirst().mac()).contains(MacAddress.parse("02:00:00:00:00:07"));
    try (Rtnetlink links = Rtnetlink.open(lab.inside(own))) {
      assertThat(links.link("eth0").orElseThrow().mac()).isEqualTo(0x0200_0000_0007L);
    }
    assertThat(both.gateway().orElseThrow().networkName()).isEqualTo("aaa");
    assertThat(both.endpoints()).map(Endpoint::interfaceName).containsExactly("eth0", "eth1");
    for (Sandbox sandbox : List.of(own, both)) {
      assertThat(Talk.tcp(lab.inside(sandbox), Lab.OUTSIDE, 7000)).startsWith("outside");
    }
    assertThatThrownBy(() ->
            networks.open(
                Lab.sandbox("fixed")
                    .withEndpoints(
                        List.of(EndpointSpec.to("bridge").withAddress(Lab.ip("172.17.0.99"))))))
        .isInstanceOf(dev.kemas.fault.Fault.InvalidArgument.class);
    networks.settle();
    assertThat(records.ids("spare")).hasSize(2);
  }

  @Test
  void sparesLeaveTheAddressesOfASmallNetworkToContainers() {
    NetworkSettings settings =
        lab.settings("t")
            .withSpares(3)
            .withBip(NetworkSettings.GatewayInSubnet.parse("10.99.0.1/29"));
    Networks networks = lab.open(settings, records);
    networks.settle();
    assertThat(records.ids("spare")).hasSize(1);
    for (int i = 0; i < 5; i++) {
      networks.open(Lab.sandbox("c" + i, "bridge"));
      networks.settle();
    }
    assertThat(networks.sandboxes()).hasSize(5);
    assertThat(records.ids("spare")).isEmpty();
  }

  @Test
  void aSandboxIsOpenedAgainRightAfterItWasClosed() throws IOException {
    Networks networks = next(Set.of());
    for (int i = 0; i < 5; i++) {
      networks.open(server());
      networks.close("server");
    }
    Sandbox last = networks.open(server());
    networks.settle();
    assertThat(records.ids("sandbox")).containsExactly("server");
    lab.owns(Talk.serveTcp(lab.inside(last), 80, "hello"));
    assertThat(Talk.tcp(lab.outside, Lab.HOST, 5000)).startsWith("hello");
  }

  @Test
  void manyAtOnceDoNotDisturbEachOther() throws Exception {
    Networks networks = next(Set.of());
    networks.create(NetworkSpec.of("web"));
    try (var pool = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      List<java.util.concurrent.Future<Sandbox>> opened = new java.util.ArrayList<>();
      for (int i = 0; i < 24; i++) {
        String name = "c" + i;
        String network = i % 2 == 0 ? "bridge" : "web";
        opened.add(
            pool.submit(() -> {
              networks.open(
                  Lab.sandbox(name, network)
                      .withPorts(List.of(PortRequest.anyHostPort(Protocol.TCP, 80))));
              networks.close(name);
              return networks.open(
                  Lab.sandbox(name, network)
                      .withPorts(List.of(PortRequest.anyHostPort(Protocol.TCP, 80))));
            }));
      }
      Set<Object> addresses = new java.util.HashSet<>();
      Set<Object> ports = new java.util.HashSet<>();
      for (var future : opened) {
        addresses.add(future.get().endpoints().getFirst().ipv4());
        ports.add(future.get().ports().getFirst().hostPort());
      }
      assertThat(addresses).hasSize(24);
      assertThat(ports).hasSize(24);
    }
    networks.settle();
    assertThat(records.ids("sandbox")).hasSize(24);
  }
}
