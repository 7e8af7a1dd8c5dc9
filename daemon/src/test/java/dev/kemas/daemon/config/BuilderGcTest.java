package dev.kemas.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.build.cache.CacheLimits;
import dev.kemas.build.cache.CacheRule;
import dev.kemas.fault.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BuilderGcTest {
  private static final long DISK = 1000L << 30;

  @Test
  void dockersFormsOfAPolicyAreRead() {
    List<CacheRule> rules =
        BuilderGc.parse(
                """
                {"gc": {"enabled": true, "defaultKeepStorage": "10GB", "policy": [
                  {"keepStorage": "512MB", "filter": ["unused-for=48h"]},
                  {"maxUsedSpace": "50%", "filter": {"unused-for": {"10h": true}}},
                  {"all": true}]}}
                """)
            .rules(DISK);
    assertThat(rules).extracting(CacheRule::all).containsExactly(false, false, true);
    assertThat(rules)
        .extracting(CacheRule::unusedFor)
        .containsExactly(Duration.ofDays(2), Duration.ofHours(10), Duration.ZERO);
    assertThat(rules)
        .extracting(CacheRule::limits)
        .containsExactly(
            new CacheLimits(512L << 20, 0, 0),
            new CacheLimits(0, DISK / 100 * 50, 0),
            new CacheLimits(10L << 30, 0, 0));
  }

  @Test
  void theUsualRulesHoldUnlessItIsTurnedOff() {
    assertThat(BuilderGc.USUAL.rules(DISK)).hasSize(4);
    assertThat(BuilderGc.parse("{\"gc\": {\"enabled\": false}}").rules(DISK)).isEmpty();
  }

  @Test
  void mistakesAreToldByName() {
    for (String wrong : List.of("colour", "reservedspace")) {
      assertThatThrownBy(() -> BuilderGc.parse("{\"gc\": {\"%s\": 1}}".formatted(wrong)))
          .isInstanceOf(Fault.InvalidArgument.class)
          .hasMessageContaining(wrong);
    }
    assertThatThrownBy(() -> BuilderGc.parse("{\"gc\": {\"defaultMaxUsedSpace\": \"much\"}}"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("much");
  }
}
