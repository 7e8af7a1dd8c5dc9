package dev.kemas.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Registries behind a proxy that wants a name and a password. */
@Timeout(60)
class ProxyTest {
  // user "me", password "a:b@c d"
  private static final String SHOWN = "Basic bWU6YTpiQGMgZA==";
  private final byte[] blob = {1, 2, 3};

  private RegistryClient client(String proxy) {
    return new RegistryClient(
        new RegistrySettings(List.of(), List.of("registry.test:5000"), Duration.ofSeconds(5))
            .withPatience(
                Duration.ofSeconds(5), new Retries(1, Duration.ofMillis(1), Duration.ofMillis(1))),
        Map.of("HTTP_PROXY", proxy, "https_proxy", proxy));
  }

  private byte[] read(RegistryClient client) throws IOException {
    try (RemoteBlob remote =
        client
            .repository(Reference.parse("registry.test:5000/x"), RegistryLogin.ANONYMOUS)
            .blob(Digest.of(blob), 0)) {
      return remote.stream().readAllBytes();
    }
  }

  @Test
  void nameAndPasswordInItsAddressAreShownToItAlone() throws IOException {
    try (FaultyRegistry registry = new FaultyRegistry();
        ClosedProxy proxy = new ClosedProxy(registry.host(), SHOWN)) {
      registry.blobs.put(Digest.of(blob), blob);
      assertThat(read(client("http://me:a%3Ab%40c%20d@" + proxy.address()))).isEqualTo(blob);
      // TLS in a tunnel is tried first; the registry speaks plain HTTP
      assertThat(proxy.answered)
          .contains("200 CONNECT registry.test:5000")
          .contains("200 GET http://registry.test:5000/v2/x/blobs/" + Digest.of(blob))
          .noneMatch(a -> a.startsWith("407"));
      assertThat(registry.shown).containsOnly("");
    }
  }

  @Test
  void withoutThemTheProxysRefusalIsTold() throws IOException {
    try (FaultyRegistry registry = new FaultyRegistry();
        ClosedProxy proxy = new ClosedProxy(registry.host(), SHOWN)) {
      assertThatThrownBy(() -> read(client("http://" + proxy.address())))
          .isInstanceOf(Fault.Unavailable.class)
          .hasMessageContaining("407")
          .hasMessageContaining("http://USER:PASSWORD@");
      assertThat(registry.asked).isEmpty();
    }
  }

  @Test
  void anAddressThatCannotBeReadIsRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> read(client("http://me:sec ret@proxy")))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("cannot be read as the address of a proxy")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("ret"));
  }
}
