package dev.kemas.api.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointTest {
  @ParameterizedTest
  @CsvSource({
    "unix:///run/kemas/kemas.sock,unix:///run/kemas/kemas.sock",
    "/run/x.sock,unix:///run/x.sock",
    "tcp://127.0.0.1:2375,tcp://127.0.0.1:2375",
    "tcp://build.example,tcp://build.example:2375",
    "tcp://[::1]:2376,tcp://[::1]:2376",
    "http://host:80/,tcp://host:80",
    "localhost:2375,tcp://localhost:2375"
  })
  void readsWhatDockerHostHas(String text, String endpoint) {
    assertThat(Endpoint.parse(text)).hasToString(endpoint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix://", "ssh://me@host", "foo", "tcp://host:x", "tcp://host:99999"})
  void refusesTheRestByName(String text) {
    assertThatThrownBy(() -> Endpoint.parse(text))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining(text);
  }
}
