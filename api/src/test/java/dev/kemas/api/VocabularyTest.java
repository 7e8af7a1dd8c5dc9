package dev.kemas.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small types that every endpoint shares. */
class VocabularyTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @ParameterizedTest
  @CsvSource({
    "1.24, true",
    "1.51, true",
    "1.23, false",
    "1.52, false",
    "2.0, false",
    "0.99, false",
  })
  void versionsBetweenTheOldestAndTheNewestAreSpoken(String text, boolean spoken) {
    ApiVersion version = ApiVersion.parse(text);
    assertThat(version).hasToString(text);
    if (spoken) {
      assertThat(version.requireSupported()).isEqualTo(version);
    } else {
      assertThatThrownBy(version::requireSupported).isInstanceOf(Fault.InvalidArgument.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z",
    "2026-01-02T03:04:05.1Z, 2026-01-02T03:04:05.1Z",
    "2026-01-02T03:04:05.000000010Z, 2026-01-02T03:04:05.00000001Z",
  })
  void timesHaveTheDigitsTheyNeed(Instant time, String text) {
    assertThat(Timestamps.nano(time)).isEqualTo(text);
    assertThat(Timestamps.fixed(time)).hasSize("2026-01-02T03:04:05.000000000Z".length());
    assertThat(Instant.parse(Timestamps.fixed(time))).isEqualTo(time);
  }

  @ParameterizedTest
  @CsvSource({
    "1767323045, 2026-01-02T03:04:05Z",
    "1767323045.5, 2026-01-02T03:04:05.5Z",
    "1767323045.000000001, 2026-01-02T03:04:05.000000001Z",
    "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z",
    "2026-01-02T05:04:05+02:00, 2026-01-02T03:04:05Z",
    "2026-01-02T03:04:05, 2026-01-02T03:04:05Z",
    "2026-01-02, 2026-01-02T00:00:00Z",
    "1h4m5s, 2026-01-02T02:00:00Z",
    "10m, 2026-01-02T02:54:05Z",
  })
  void boundsOfTimeAreReadInEachOfDockersForms(String text, Instant time) {
    assertThat(Timestamps.parse("since", text, NOW)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "5x", "2026-13-01", "99999999999999999999", "1.2.3"})
  void whatIsNoTimeIsRefusedWithItsField(String text) {
    assertThatThrownBy(() -> Timestamps.parse("since", text, NOW))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("\"since\"");
  }

  @Test
  void filtersHaveTwoForms() {
    Map<String, Set<String>> wanted = Map.of("label", Set.of("a=b", "c"));
    assertThat(Filters.parse("{\"label\":[\"a=b\",\"c\"]}").byName()).isEqualTo(wanted);
    assertThat(Filters.parse("{\"label\":{\"a=b\":true,\"c\":true,\"d\":false}}").byName())
        .isEqualTo(wanted);
    assertThat(Filters.parse("").byName()).isEmpty();
    assertThat(Filters.parse("null").byName()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{", "{\"a\":1}", "{\"a\":[1]}", "{\"a\":{\"b\":1}}", "x"})
  void otherFormsAreRefused(String text) {
    assertThatThrownBy(() -> Filters.parse(text))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageStartingWith("invalid filters");
  }

  @Test
  void filtersMatch() {
    Filters filters =
        Filters.parse("{\"label\":[\"a=b\"],\"label!\":[\"x\"],\"name\":[\"^we\"],\"on\":[\"1\"]}");
    assertThat(filters.matchesLabels(Map.of("a", "b"))).isTrue();
    assertThat(filters.matchesLabels(Map.of("a", "c"))).isFalse();
    assertThat(filters.matchesLabels(Map.of("a", "b", "x", ""))).isFalse();
    assertThat(filters.matches("name", "web")).isTrue();
    assertThat(filters.matches("name", "owe")).isFalse();
    assertThat(filters.matches("other", "anything")).isTrue();
    assertThat(filters.flag("on")).isEqualTo(Optional.of(true));
    assertThat(filters.flag("off")).isEmpty();
    assertThatThrownBy(() -> filters.flag("name")).isInstanceOf(Fault.InvalidArgument.class);
    assertThatThrownBy(() -> filters.requireOnly(Set.of("label")))
        .hasMessage("invalid filter 'label!'");
  }

  @Test
  void framesCanBeTakenApartAgain() throws IOException {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    for (StreamType type : List.of(StreamType.STDOUT, StreamType.STDERR)) {
      wire.writeBytes(type.header(70_000).array());
      wire.writeBytes(new byte[70_000]);
    }
    List<String> seen = new ArrayList<>();
    new FrameReader(new ByteArrayInputStream(wire.toByteArray()))
        .copyTo((type, bytes, length) -> seen.add(type + " " + length));
    assertThat(seen).containsExactly("STDOUT 65536", "STDOUT 4464", "STDERR 65536", "STDERR 4464");
  }

  @Test
  void aBrokenFrameIsNoticed() {
    for (byte[] wire :
        List.of(
            new byte[] {1, 0, 0, 0, 0, 0, 0, 5, 'a'},
            new byte[] {1, 0},
            new byte[] {9, 0, 0, 0, 0, 0, 0, 0})) {
      assertThatThrownBy(
              () -> new FrameReader(new ByteArrayInputStream(wire)).copyTo((t, b, l) -> {}))
          .isInstanceOfAny(Fault.DataLoss.class, IOException.class);
    }
  }

  @Test
  void aLoginIsReadAndNeverShown() {
    String json = "{\"username\":\"u\",\"password\":\"secret?>\",\"serveraddress\":\"s\"}";
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
      RegistryLogin login = RegistryLogin.decode(encoder.encodeToString(bytes));
      assertThat(login.password()).isEqualTo("secret?>");
      assertThat(login.toString()).doesNotContain("secret");
      assertThat(login.isAnonymous()).isFalse();
    }
    assertThat(RegistryLogin.decode("").isAnonymous()).isTrue();
    String broken = Base64.getEncoder().encodeToString("secret".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> RegistryLogin.decode(broken))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageNotContaining("secret");
  }
}
