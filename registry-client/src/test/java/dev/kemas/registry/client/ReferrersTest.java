package dev.kemas.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What refers to a manifest: by the list, by the tag where there is none, behind mirrors. */
class ReferrersTest {
  private static final Digest SUBJECT = Digest.of(new byte[] {1});
  private static final String LIST = "GET /v2/x/referrers/" + SUBJECT;
  private static final String TAG = "GET /v2/x/manifests/sha256-" + SUBJECT.hex();
  private FaultyRegistry registry;

  @BeforeEach
  void open() throws IOException {
    registry = new FaultyRegistry();
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private static RegistrySettings settings() {
    return new RegistrySettings(List.of(), List.of(), Duration.ofSeconds(1))
        .withPatience(
            Duration.ofMillis(500), new Retries(1, Duration.ofMillis(1), Duration.ofMillis(1)));
  }

  private Repository repository(RegistrySettings settings) {
    return new RegistryClient(settings, Map.of())
        .repository(Reference.parse(registry.host() + "/x"), RegistryLogin.ANONYMOUS);
  }

  private List<String> types(Optional<String> wanted) {
    return repository(settings()).referrers(SUBJECT, wanted).stream()
        .map(d -> d.artifactType().orElse("?"))
        .toList();
  }

  private static FaultyRegistry.Trouble index(String next, String... types) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", MediaType.OCI_INDEX);
      if (!next.isEmpty()) {
        exchange.getResponseHeaders().set("Link", "<" + next + ">; rel=\"next\"");
      }
      byte[] body = body(types);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    };
  }

  private static byte[] body(String... types) {
    StringBuilder all = new StringBuilder();
    for (String type : types) {
      all.append(all.isEmpty() ? "" : ",")
          .append("{\"mediaType\":\"" + MediaType.OCI_MANIFEST + "\",\"digest\":\"")
          .append(Digest.of(type.getBytes(StandardCharsets.UTF_8)))
          .append("\",\"size\":7,\"artifactType\":\"")
          .append(type)
          .append("\"}");
    }
    return ("{\"schemaVersion\":2,\"manifests\":[" + all + "]}").getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void theListIsReadPageByPageAndFiltered() {
    registry
        .next(LIST, index("/v2/x/referrers/" + SUBJECT + "?last=b", "a/a", "b/b"))
        .next(LIST, index("", "a/a"));
    assertThat(types(Optional.empty())).containsExactly("a/a", "b/b", "a/a");

    registry.next(LIST + "?artifactType=a%2Fa", index("", "a/a", "b/b"));
    assertThat(types(Optional.of("a/a"))).containsExactly("a/a");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405, 406})
  void whereThereIsNoListTheTagHasIt(int status) {
    registry.next(LIST, FaultyRegistry.status(status)).next(TAG, index("", "a/a", "b/b"));
    assertThat(types(Optional.of("b/b"))).containsExactly("b/b");
    registry.next(LIST, FaultyRegistry.status(status)).next(TAG, FaultyRegistry.status(404));
    assertThat(types(Optional.empty())).isEmpty();
  }

  @Test
  void aPageForPeopleIsNoList() {
    registry.next(LIST, FaultyRegistry.json(200, "<html>")).next(TAG, index("", "a/a"));
    assertThat(types(Optional.empty())).containsExactly("a/a");
  }

  @Test
  void aFailureIsNoEmptyList() {
    registry.next(LIST, FaultyRegistry.status(500));
    assertThatThrownBy(() -> types(Optional.empty())).isInstanceOf(Fault.Unavailable.class);
    registry.next(LIST, FaultyRegistry.status(403));
    assertThatThrownBy(() -> types(Optional.empty()))
        .hasMessageContaining("pull access denied for");
    registry.next(
        LIST,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", MediaType.OCI_INDEX);
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          awaitGone(exchange.getResponseBody());
        });
    assertThatThrownBy(() -> types(Optional.empty()))
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessageContaining("breaks off in a list of referrers: nothing came for");
    registry.next(
        LIST,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", MediaType.OCI_INDEX);
          byte[] body = "{\"manifests\": 3}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
        });
    assertThatThrownBy(() -> types(Optional.empty()))
        .hasMessageContaining("invalid list of referrers");
  }

  /** Sends nothing that counts until the other side has hung up. */
  private static void awaitGone(java.io.OutputStream body) {
    try {
      while (true) {
        java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(600).toNanos());
        body.write(' ');
        body.flush();
      }
    } catch (IOException e) {
      return;
    }
  }

  @Test
  void aListWithoutEndHasOne() {
    for (int page = 0; page < 102; page++) {
      registry.next(LIST, index("/v2/x/referrers/" + SUBJECT + "?last=" + page, "a/a"));
    }
    assertThatThrownBy(() -> types(Optional.empty()))
        .isInstanceOf(Fault.ResourceExhausted.class)
        .hasMessageContaining("more than 10000 artifacts refer to " + SUBJECT);
  }

  @Test
  void whatAMirrorDoesNotKnowTheRegistryMay() throws IOException {
    try (FaultyRegistry mirror = new FaultyRegistry()) {
      mirror.next(LIST, index(""));
      registry.next(LIST, index("", "a/a"));
      List<Descriptor> found =
          repository(
                  settings()
                      .withMirrors(Map.of(registry.host(), List.of(URI.create(mirror.url())))))
              .referrers(SUBJECT, Optional.empty());
      assertThat(found).hasSize(1);
      assertThat(mirror.asked).hasSize(1);
    }
  }
}
