package dev.kemas.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentProxyTest {
  private final EnvironmentProxy proxy =
      new EnvironmentProxy(
          Map.of(
              "HTTPS_PROXY",
              "http://proxy:3128",
              "NO_PROXY",
              "plain.example, .dot.example,10.0.0.0/8,[fd00::1],port.example:5000"));

  @ParameterizedTest
  @CsvSource({
    "https://registry.example/, true",
    "http://registry.example/, false",
    "https://plain.example/, false",
    "https://sub.plain.example/, false",
    "https://sub.dot.example/, false",
    "https://notplain.example/, true",
    "https://10.1.2.3:5000/, false",
    "https://11.1.2.3/, true",
    "https://port.example:5000/, false",
    "https://port.example/, true",
    "https://127.0.0.1:5000/, false",
    "https://localhost/, false",
  })
  void whoGoesThroughTheProxy(String address, boolean through) {
    assertThat(proxy.select(URI.create(address)).getFirst().type())
        .isEqualTo(through ? Proxy.Type.HTTP : Proxy.Type.DIRECT);
  }
}
