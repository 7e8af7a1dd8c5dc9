package dev.kemas.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.container.HostConfig.LogConfig;
import dev.kemas.fault.Fault;
import dev.kemas.runtime.CreateRequest.LogLimits;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a container's and the engine's own log options make together. */
final class LogOptionsTest {
  private static final LogConfig ENGINE = log("json-file", Map.of("max-size", "3m", "tag", "t"));

  private static LogConfig log(String type, Map<String, String> options) {
    return new LogConfig(type, new TreeMap<>(options));
  }

  @Test
  void whoSaysNothingGetsTheEnginesDriverAndOptions() {
    assertThat(LogOptions.merge(LogConfig.DEFAULT, ENGINE)).isEqualTo(ENGINE);
    assertThat(LogOptions.limits(ENGINE))
        .isEqualTo(new LogLimits(3 << 20, LogLimits.DEFAULT.files()));
  }

  @Test
  void anOwnOptionWinsAndTheOthersStay() {
    assertThat(LogOptions.merge(log("", Map.of("max-size", "1k", "max-file", "2")), ENGINE))
        .isEqualTo(log("json-file", Map.of("max-size", "1k", "max-file", "2", "tag", "t")));
  }

  @Test
  void theOptionsOfAnotherDriverAreNotItsOwn() {
    assertThat(LogOptions.merge(log("local", Map.of("max-file", "2")), ENGINE))
        .isEqualTo(log("local", Map.of("max-file", "2")));
    assertThat(LogOptions.limits(log("none", Map.of()))).isEqualTo(LogLimits.NOTHING);
  }

  @Test
  void whatCannotBeIsRefusedByItsName() {
    assertThatThrownBy(() -> LogOptions.limits(log("nosuch", Map.of())))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("nosuch");
    assertThatThrownBy(() -> LogOptions.limits(log("json-file", Map.of("max-size", "many"))))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("many");
  }
}
