package dev.kemas.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NameTableTest {
  private static final InetAddress ONE = InetAddress.ofLiteral("10.0.0.1");
  private static final InetAddress TWO = InetAddress.ofLiteral("10.0.0.2");

  private final NameTable table =
      new NameTable("Web", Map.of("Db", List.of(ONE), "db", List.of(TWO)), Map.of(ONE, "Db.Web"));

  @Test
  void namesCountWithoutRegardToCaseAndWithTheNetworkBehindThem() {
    assertThat(table.find("DB").orElseThrow()).containsExactlyInAnyOrder(ONE, TWO);
    assertThat(table.find("db.WEB").orElseThrow()).hasSize(2);
    assertThat(table.find("db.other")).isEmpty();
    assertThat(table.find("web")).isEmpty();
  }

  @Test
  void anAddressHasOneName() {
    assertThat(table.find(ONE)).contains("Db.Web");
    assertThat(table.find(TWO)).isEmpty();
  }
}
