package dev.kemas.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.network.PortRequest.Protocol;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PortsTest {
  @TempDir Path folder;
  private Lab lab;
  private Networks networks;

  @BeforeEach
  void makeHost() {
    lab = new Lab(folder);
    networks = lab.open();
  }

  @AfterEach
  void removeHost() throws IOException {
    lab.close();
  }

  private Sandbox open(String name, PortRequest... ports) {
    return networks.open(Lab.sandbox(name, "bridge").withPorts(List.of(ports)));
  }

  @Test
  void aPortOfAnotherContainerIsRefusedInDockersWords() {
    open("first", PortRequest.of(Protocol.TCP, 80, 5000));
    assertThatThrownBy(() -> open("second", PortRequest.of(Protocol.TCP, 80, 5000)))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageMatching(
            "driver failed programming external connectivity on endpoint second"
                + " \\([0-9a-f]{64}\\): Bind for 0\\.0\\.0\\.0:5000 failed: port is already"
                + " allocated");
    assertThatThrownBy(() ->
            open(
                "third",
                PortRequest.of(Protocol.TCP, 81, 5001),
                PortRequest.of(Protocol.TCP, 80, 5000).withHostAddress(Lab.ip("127.0.0.1"))))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("Bind for 127.0.0.1:5000 failed: port is already allocated");
    assertThat(networks.sandboxes()).map(Sandbox::id).containsExactly("first");
    // all or nothing: what the third held was given back; another protocol is another port
    open("fourth", PortRequest.of(Protocol.TCP, 81, 5001), PortRequest.of(Protocol.UDP, 80, 5000));
  }

  @Test
  void aPortOfAnotherProgramIsRefused() throws IOException {
    lab.owns(Talk.serveTcp(lab.host, 5000, "program"));
    lab.owns(Talk.serveUdp(lab.host, 5000, "program"));
    assertThatThrownBy(() -> open("c", PortRequest.of(Protocol.TCP, 80, 5000)))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining(
            "failed to bind host port for 0.0.0.0:5000/tcp: address already in use");
    assertThatThrownBy(() -> open("c", PortRequest.of(Protocol.UDP, 80, 5000)))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("address already in use");
    assertThat(Talk.tcp(lab.host, Lab.ip("127.0.0.1"), 5000)).startsWith("program");
  }

  @Test
  void anAddressThatTheHostDoesNotHaveIsRefused() {
    assertThatThrownBy(() ->
            open(
                "c",
                PortRequest.of(Protocol.TCP, 80, 5000).withHostAddress(Lab.ip("198.51.100.7"))))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("cannot assign requested address");
  }

  @Test
  void noOtherProgramGetsAPublishedPortUntilItIsGivenBack() throws IOException {
    open("c", PortRequest.of(Protocol.TCP, 80, 5000), PortRequest.of(Protocol.UDP, 80, 5000));
    assertThatThrownBy(() -> Talk.serveTcp(lab.host, 5000, "x"))
        .hasRootCauseInstanceOf(BindException.class);
    assertThatThrownBy(() -> Talk.serveUdp(lab.host, 5000, "x"))
        .hasRootCauseInstanceOf(BindException.class);
    networks.close("c");
    lab.owns(Talk.serveTcp(lab.host, 5000, "x"));
    lab.owns(Talk.serveUdp(lab.host, 5000, "x"));
    assertThat(Talk.tcp(lab.outside, Lab.HOST, 5000)).startsWith("x");
  }

  @Test
  void anyPortIsOneOfTheEphemeralRangeAndARangeGivesItsFirstFree() {
    Sandbox a =
        open(
            "a",
            PortRequest.anyHostPort(Protocol.TCP, 80),
            PortRequest.anyHostPort(Protocol.TCP, 81));
    assertThat(a.ports()).map(PublishedPort::hostPort).doesNotHaveDuplicates();
    assertThat(a.ports()).allMatch(p -> p.hostPort() >= 32768 && p.hostPort() <= 60999);
    assertThat(a.ports()).map(PublishedPort::containerPort).containsExactly(80, 81);
    PortRequest range = new PortRequest(Protocol.TCP, 80, Optional.empty(), 8000, 8001);
    assertThat(open("b", range).ports().getFirst().hostPort()).isEqualTo(8000);
    assertThat(open("c", range).ports().getFirst().hostPort()).isEqualTo(8001);
    assertThatThrownBy(() -> open("d", range))
        .hasMessageContaining("Bind for 0.0.0.0:8000 failed: port is already allocated");
  }

  @Test
  void sctpIsForwardedWithoutAReservation() {
    Sandbox a = open("a", PortRequest.of(Protocol.SCTP, 38412, 38412));
    assertThat(a.ports().getFirst().protocol()).isEqualTo(Protocol.SCTP);
    assertThat(lab.rules()).contains("sctp . 38412");
    assertThatThrownBy(() -> open("b", PortRequest.of(Protocol.SCTP, 38412, 38412)))
        .hasMessageContaining("port is already allocated");
  }

  @Test
  void wrongPortsAreNamed() {
    assertThatThrownBy(() -> PortRequest.of(Protocol.TCP, 0, 80))
        .isInstanceOf(Fault.InvalidArgument.class);
    assertThatThrownBy(() -> PortRequest.of(Protocol.TCP, 80, 70000))
        .isInstanceOf(Fault.InvalidArgument.class);
    assertThatThrownBy(
            () -> open("a", PortRequest.of(Protocol.TCP, 80, 80).withHostAddress(Lab.ip("::1"))))
        .isInstanceOf(Fault.Unsupported.class);
  }

  @Test
  void rulesThatSomebodyFlushedComeBack() throws IOException {
    Sandbox a = open("a", PortRequest.of(Protocol.TCP, 80, 5000));
    lab.owns(Talk.serveTcp(lab.inside(a), 80, "hello"));
    for (int i = 0; i < 3; i++) {
      Lab.rules(lab.host, "flush ruleset");
      Lab.eventually(() -> lab.rules().contains(". 5000 :"));
      assertThat(Talk.tcp(lab.outside, Lab.HOST, 5000)).startsWith("hello");
    }
  }

  @Test
  void aUdpFlowThatGoesOnIsLedToTheNextContainer() throws IOException {
    try (DatagramChannel client =
        lab.outside.call(() -> DatagramChannel.open(StandardProtocolFamily.INET))) {
      client.connect(new InetSocketAddress(Lab.HOST, 5000));
      client.socket().setSoTimeout(300);
      // before there is anybody: the kernel remembers a flow that leads to the host itself
      assertThat(Talk.ask(client)).isEmpty();
      for (String name : List.of("first", "second")) {
        Sandbox sandbox = open(name, PortRequest.of(Protocol.UDP, 80, 5000));
        lab.owns(Talk.serveUdp(lab.inside(sandbox), 80, name));
        Lab.eventually(() -> Talk.ask(client).startsWith(name));
        networks.close(name);
      }
    }
  }
}
