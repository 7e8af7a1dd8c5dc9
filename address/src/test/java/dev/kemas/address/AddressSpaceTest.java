package dev.kemas.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AddressSpaceTest {
  private static InetAddress ip(String text) {
    return Subnet.parseAddress(text);
  }

  @Test
  void aFreedAddressComesBackAsLateAsPossible() {
    Subnet subnet = Subnet.parse("10.0.0.0/29");
    AddressSpace space = new AddressSpace(subnet, subnet, List.of(ip("10.0.0.1")));
    assertThat(space.take()).isEqualTo(ip("10.0.0.2"));
    space.free(ip("10.0.0.2"));
    assertThat(space.take()).isEqualTo(ip("10.0.0.3"));
    assertThat(List.of(space.take(), space.take(), space.take(), space.take()))
        .containsExactly(ip("10.0.0.4"), ip("10.0.0.5"), ip("10.0.0.6"), ip("10.0.0.2"));
    assertThatThrownBy(space::take).isInstanceOf(Fault.ResourceExhausted.class);
  }

  @Test
  void anAddressThatIsAskedForIsTakenOnceAndNeverAReservedOne() {
    AddressSpace space =
        new AddressSpace(
            Subnet.parse("10.0.0.0/24"), Subnet.parse("10.0.0.128/25"), List.of(ip("10.0.0.1")));
    space.take(ip("10.0.0.7"));
    assertThatThrownBy(() -> space.take(ip("10.0.0.7"))).isInstanceOf(Fault.Conflict.class);
    assertThatThrownBy(() -> space.take(ip("10.0.0.1"))).isInstanceOf(Fault.Conflict.class);
    assertThatThrownBy(() -> space.take(ip("10.0.1.1"))).isInstanceOf(Fault.InvalidArgument.class);
    assertThat(space.take()).as("from the range").isEqualTo(ip("10.0.0.128"));
  }

  @Test
  void aNewSubnetOverlapsNothingInUse() {
    List<AddressPool> pools = List.of(AddressPool.of("172.16.0.0/14", 16));
    assertThat(SubnetChooser.choose(pools, false, List.of(Subnet.parse("172.16.5.0/24"))))
        .isEqualTo(Subnet.parse("172.17.0.0/16"));
    assertThatThrownBy(
            () -> SubnetChooser.choose(pools, false, List.of(Subnet.parse("172.0.0.0/8"))))
        .isInstanceOf(Fault.ResourceExhausted.class);
  }
}
