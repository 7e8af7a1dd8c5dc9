package dev.kemas.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.address.Subnet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ResolvConfTest {
  @Test
  void theLastSearchLineCountsAndNonsenseIsLeftOut() {
    DnsSettings read =
        ResolvConf.parse(
            """
            # a comment
            nameserver 192.0.2.1
            nameserver fe80::1%eth0
            nameserver 2001:db8::1
            search a.example b.example
            domain c.example
            options ndots:2 rotate
            """);
    assertThat(read.servers()).extracting(Subnet::text).containsExactly("192.0.2.1", "2001:db8::1");
    assertThat(read.search()).containsExactly("c.example");
    assertThat(read.options()).containsExactly("ndots:2", "rotate");
  }

  @Test
  void aContainersFileNamesServersThatItCanReach() {
    DnsSettings host = ResolvConf.parse("nameserver 127.0.0.53\nnameserver 2001:db8::1\n");
    assertThat(ResolvConf.direct(ResolvConf.reachable(host, false))).doesNotContain("nameserver");
    assertThat(ResolvConf.direct(ResolvConf.reachable(host, true)))
        .contains("nameserver 2001:db8::1\n")
        .doesNotContain("127.0.0.53");
  }

  @Test
  void theEnginesServerIsAskedForNamesWithoutADot() {
    assertThat(ResolvConf.engine(DnsSettings.NONE))
        .contains("nameserver 127.0.0.11\n", "options ndots:0\n");
    DnsSettings said = new DnsSettings(List.of(), List.of("."), List.of("ndots:3"));
    assertThat(ResolvConf.engine(said)).contains("options ndots:3\n").doesNotContain("search");
  }
}
