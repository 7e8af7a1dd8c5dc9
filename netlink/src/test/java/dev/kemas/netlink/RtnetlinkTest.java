package dev.kemas.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Errno;
import dev.kemas.linux.NetworkNamespace;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RtnetlinkTest {
  @TempDir Path folder;
  private NetworkNamespace here;
  private NetworkNamespace there;
  private Rtnetlink links;
  private Rtnetlink inside;

  @BeforeEach
  void makeTwoNamespaces() {
    here = NetworkNamespace.create(folder.resolve("here"));
    there = NetworkNamespace.create(folder.resolve("there"));
    links = Rtnetlink.open(here);
    inside = Rtnetlink.open(there);
  }

  @AfterEach
  void removeThem() {
    links.close();
    inside.close();
    here.close();
    there.close();
    NetworkNamespace.remove(folder.resolve("here"));
    NetworkNamespace.remove(folder.resolve("there"));
  }

  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  @Test
  void oneMessageMakesAPairWithThePeerNamedAndAddressedInTheOtherNamespace() {
    links.execute(
        new LinkRequest.AddBridge(LinkSettings.named("b0").withMac(0x0242_0a00_0001L).asUp()));
    int bridge = links.link("b0").orElseThrow().index();
    links.execute(
        new LinkRequest.AddVeth(
            LinkSettings.named("v0").withMtu(1400).withMaster(bridge).asUp(),
            LinkSettings.named("eth0").withMac(0x0242_0a00_0002L).withMtu(1400),
            there.descriptor()));

    LinkInfo outer = links.link("v0").orElseThrow();
    LinkInfo inner = inside.link("eth0").orElseThrow();
    assertThat(outer.kind()).isEqualTo("veth");
    assertThat(outer.master()).isEqualTo(bridge);
    assertThat(outer.up()).isTrue();
    assertThat(outer.peer()).isEqualTo(inner.index());
    assertThat(inner.mac()).isEqualTo(0x0242_0a00_0002L);
    assertThat(inner.mtu()).isEqualTo(1400);
    assertThat(links.link("eth0")).isEmpty();
  }

  @Test
  void aBatchSetsAddressesRoutesAndNeighbours() {
    links.execute(
        new LinkRequest.AddVeth(
            LinkSettings.named("v0").asUp(), LinkSettings.named("eth0"), there.descriptor()));
    int eth0 = inside.link("eth0").orElseThrow().index();
    inside.execute(
        List.of(
            new LinkRequest.Change(eth0, LinkSettings.NONE.asUp()),
            new LinkRequest.AddAddress(new LinkAddress(eth0, ip("10.9.0.2"), 24)),
            new LinkRequest.AddAddress(new LinkAddress(eth0, ip("fd09::2"), 64)),
            new LinkRequest.SetRoute(Route.byDefault(ip("10.9.0.1"), eth0)),
            new LinkRequest.SetNeighbour(eth0, ip("10.9.0.1"), 0x0242_0a09_0001L)));

    assertThat(inside.addresses())
        .contains(
            new LinkAddress(eth0, ip("10.9.0.2"), 24), new LinkAddress(eth0, ip("fd09::2"), 64));
    assertThat(inside.routes()).contains(Route.byDefault(ip("10.9.0.1"), eth0));

    inside.execute(
        List.of(
            new LinkRequest.DeleteRoute(Route.byDefault(ip("10.9.0.1"), eth0)),
            new LinkRequest.DeleteNeighbour(eth0, ip("10.9.0.1")),
            new LinkRequest.DeleteAddress(new LinkAddress(eth0, ip("10.9.0.2"), 24))));
    assertThat(inside.routes()).noneMatch(r -> r.destination().isEmpty() && !r.ipv6());
  }

  @Test
  void aBatchGoesOnBehindAFailureAndSaysWhichOneItWas() {
    List<Rtnetlink.Outcome> outcomes =
        links.attempt(
            List.of(
                new LinkRequest.AddBridge(LinkSettings.named("d0")),
                new LinkRequest.AddBridge(LinkSettings.named("d0")),
                new LinkRequest.AddBridge(LinkSettings.named("d1"))));

    assertThat(outcomes).map(o -> o.failure().isPresent()).containsExactly(false, true, false);
    assertThat(outcomes.get(1).failure().flatMap(Errno::of)).contains(Errno.EEXIST);
    assertThat(links.link("d1")).isPresent();
    assertThatThrownBy(() -> links.execute(new LinkRequest.AddBridge(LinkSettings.named("d0"))))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("add bridge d0");
  }

  @Test
  void moreRequestsThanFitOneSendAreAllDone() {
    List<LinkRequest> many = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      many.add(new LinkRequest.AddBridge(LinkSettings.named("many" + i)));
    }
    links.execute(many);
    assertThat(links.links()).filteredOn(l -> l.name().startsWith("many")).hasSize(200);
  }

  @Test
  void linksAreRenamedSwitchedReleasedAndDeleted() {
    links.execute(
        List.of(
            new LinkRequest.AddBridge(LinkSettings.named("b0")),
            new LinkRequest.AddVeth(
                LinkSettings.named("d0"), LinkSettings.named("eth0"), there.descriptor())));
    int bridge = links.link("b0").orElseThrow().index();
    int dummy = links.link("d0").orElseThrow().index();
    links.execute(
        List.of(
            new LinkRequest.Change(
                dummy,
                LinkSettings.named("d9").withMaster(bridge).withAlias("of a test").withMtu(1300)),
            LinkRequest.BridgePort.withHairpin(dummy),
            LinkRequest.BridgePort.isolated(dummy),
            new LinkRequest.ChangeNamed("d9", LinkSettings.NONE.asUp())));
    LinkInfo changed = links.link("d9").orElseThrow();
    assertThat(changed.index()).isEqualTo(dummy);
    assertThat(changed.master()).isEqualTo(bridge);
    assertThat(changed.alias()).isEqualTo("of a test");
    assertThat(changed.mtu()).isEqualTo(1300);
    assertThat(changed.up()).isTrue();

    links.execute(new LinkRequest.Change(dummy, LinkSettings.NONE.withMaster(0).asDown()));
    assertThat(links.link("d9").map(LinkInfo::master)).isEqualTo(Optional.of(0));
    links.execute(List.of(new LinkRequest.Delete("d9"), new LinkRequest.Delete("b0")));
    assertThat(links.links()).map(LinkInfo::name).doesNotContain("d9", "b0");
  }

  @Test
  void aMissingLinkIsNotFoundByName() {
    assertThat(links.link("nothere")).isEmpty();
    assertThatThrownBy(() -> links.execute(new LinkRequest.Delete("nothere")))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining("delete link nothere");
  }
}
