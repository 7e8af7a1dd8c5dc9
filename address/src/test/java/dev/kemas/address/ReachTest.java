package dev.kemas.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReachTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, LOOPBACK",
    "127.9.9.9, LOOPBACK",
    "0.0.0.0, LOOPBACK",
    "::1, LOOPBACK",
    "::, LOOPBACK",
    "::ffff:127.0.0.1, LOOPBACK",
    "64:ff9b::a9fe:a9fe, LINK",
    "169.254.169.254, LINK",
    "fe80::1, LINK",
    "224.0.0.1, LINK",
    "10.1.2.3, PRIVATE",
    "172.16.0.1, PRIVATE",
    "172.32.0.1, PUBLIC",
    "192.168.1.1, PRIVATE",
    "100.64.0.1, PRIVATE",
    "fd00:ec2::254, PRIVATE",
    "8.8.8.8, PUBLIC",
    "2606:4700::1, PUBLIC",
  })
  void anAddressIsKnownByItsRange(String address, Reach reach) throws UnknownHostException {
    assertThat(Reach.of(InetAddress.getByName(address))).isEqualTo(reach);
  }

  @Test
  void aFetchGoesOutwardsOnly() {
    assertThat(Reach.PUBLIC.permits(Reach.PUBLIC)).isTrue();
    assertThat(Reach.PUBLIC.permits(Reach.PRIVATE)).isFalse();
    assertThat(Reach.PRIVATE.permits(Reach.PUBLIC)).isTrue();
    assertThat(Reach.PRIVATE.permits(Reach.LINK)).isFalse();
    assertThat(Reach.LOOPBACK.permits(Reach.LINK)).isTrue();
  }
}
