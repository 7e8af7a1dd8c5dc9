package dev.kemas.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who calls, and what is shown to whom. */
class LoginTest {
  private static final byte[] MANIFEST = "{}".getBytes(StandardCharsets.UTF_8);
  private static final RegistryLogin ME = RegistryLogin.of("me", "sec:ret");
  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString("me:sec:ret".getBytes(StandardCharsets.UTF_8));

  private FaultyRegistry registry;
  private FaultyRegistry tokens;
  private RegistryClient client;

  @BeforeEach
  void open() throws IOException {
    registry = new FaultyRegistry();
    tokens = new FaultyRegistry();
    registry.manifests.put("1", MANIFEST);
    client = client(Map.of());
  }

  private static RegistryClient client(Map<String, List<URI>> mirrors) {
    return new RegistryClient(
        new RegistrySettings(List.of(), List.of(), Duration.ofSeconds(1))
            .withMirrors(mirrors)
            .withPatience(
                Duration.ofSeconds(2), new Retries(1, Duration.ZERO, Duration.ofSeconds(1))),
        Map.of());
  }

  @AfterEach
  void close() {
    registry.close();
    tokens.close();
  }

  private void wantsToken() {
    registry.wanted = "Bearer t1";
    registry.challenge =
        "Bearer realm=\"" + tokens.url() + "/token\",service=\"s\",scope=\"repository:x:pull\"";
  }

  private void give(String token, String more) {
    tokens.next(
        "GET /token", FaultyRegistry.json(200, "{\"token\":\"" + token + "\"" + more + "}"));
  }

  private Reference name() {
    return Reference.parse(registry.host() + "/x:1");
  }

  private void ask(RegistryLogin login) {
    client.repository(name(), login).manifest(name());
  }

  @Test
  void aTokenServesUntilItIsRefused() {
    wantsToken();
    give("t1", ",\"expires_in\":300");
    ask(ME);
    ask(ME);
    assertThat(tokens.asked).hasSize(1);
    assertThat(tokens.shown).containsExactly(BASIC);

    registry.wanted = "Bearer t2";
    give("t2", "");
    ask(ME);
    assertThat(tokens.asked).hasSize(2);
  }

  @Test
  void oneUsersTokenIsNotShownForAnother() {
    wantsToken();
    give("t1", ",\"expires_in\":300");
    ask(ME);
    give("t1", ",\"expires_in\":300");
    ask(RegistryLogin.ANONYMOUS);
    assertThat(tokens.shown).containsExactly(BASIC, "");
  }

  @Test
  void aPushWantsAScopeThatAllowsIt() {
    wantsToken();
    give("t1", "");
    Repository repository = client.repository(name(), ME, Access.PUSH);
    repository.manifest(name());
    assertThat(tokens.asked.getFirst())
        .contains("scope=repository%3Ax%3Apull%2Cpush")
        .doesNotContain("scope=repository%3Ax%3Apull&");
  }

  @Test
  void anIdentityTokenIsShownInsteadOfAPassword() {
    wantsToken();
    tokens.next("POST /token", FaultyRegistry.json(200, "{\"access_token\":\"t1\"}"));
    ask(new RegistryLogin("", "", "identity", ""));
    assertThat(tokens.asked).containsExactly("POST /token");
    assertThat(tokens.shown).containsExactly("");
  }

  @Test
  void aRefusedLoginSaysWhereAndNotWithWhat() {
    wantsToken();
    tokens.next("GET /token", FaultyRegistry.json(401, "{\"details\":\"no such user\"}"));
    assertThatThrownBy(() -> ask(ME))
        .isInstanceOf(Fault.Unauthenticated.class)
        .hasMessageContaining("no such user")
        .hasMessageContaining(tokens.host())
        .hasMessageNotContaining("sec:ret");
    assertThat(ME.toString()).doesNotContain("sec:ret");
  }

  @Test
  void withoutALoginARegistryThatWantsOneIsToldAsDockerDoes() {
    registry.wanted = BASIC;
    registry.challenge = "Basic realm=\"r\"";
    assertThatThrownBy(() -> ask(RegistryLogin.ANONYMOUS))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessage(
            "pull access denied for "
                + registry.host()
                + "/x, repository does not exist or may require 'docker login': no basic auth"
                + " credentials");
    assertThatThrownBy(() ->
            client
                .repository(name(), RegistryLogin.of("me", "wrong"), Access.PUSH)
                .manifest(name()))
        .isInstanceOf(Fault.Unauthenticated.class)
        .hasMessage("unauthorized: authentication required");
    ask(ME);
  }

  @Test
  void aLoginIsCheckedByTheRegistry() {
    assertThat(client.login(registry.host(), ME)).isEmpty();
    registry.wanted = BASIC;
    registry.challenge = "Basic realm=\"r\"";
    assertThat(client.login("http://" + registry.host() + "/v2/", ME)).isEmpty();
    assertThatThrownBy(() -> client.login(registry.host(), RegistryLogin.of("me", "no")))
        .isInstanceOf(Fault.Unauthenticated.class)
        .hasMessage(
            "login attempt to " + registry.url() + "/v2/ failed with status: 401 Unauthorized");
    wantsToken();
    give("t1", ",\"refresh_token\":\"keep\"");
    assertThat(client.login(registry.host(), ME)).contains("keep");
    assertThat(tokens.asked.getFirst()).contains("offline_token=true").contains("account=me");
  }

  @Test
  void aMirrorIsAskedFirstAndNotShownTheLogin() throws IOException {
    try (FaultyRegistry mirror = new FaultyRegistry()) {
      mirror.manifests.put("1", MANIFEST);
      client = client(Map.of(registry.host(), List.of(URI.create(mirror.url() + "/cache"))));
      registry.wanted = BASIC;
      registry.challenge = "Basic realm=\"r\"";
      ask(ME);
      assertThat(mirror.asked).containsExactly("GET /v2/cache/x/manifests/1");
      assertThat(registry.asked).isEmpty();
      mirror.manifests.clear();
      ask(ME);
      assertThat(registry.shown).contains(BASIC);
      assertThat(mirror.shown).containsOnly("");
    }
  }

  @Test
  void tagsAreReadPageByPageAndNotForEver() {
    registry
        .next(
            "GET /v2/x/tags/list?n=1000",
            exchange -> {
              exchange.getResponseHeaders().set("Link", "</v2/x/tags/list?last=b>; rel=\"next\"");
              FaultyRegistry.json(200, "{\"tags\":[\"a\",\"b\"]}").happen(exchange);
            })
        .next(
            "GET /v2/x/tags/list?last=b",
            exchange -> {
              exchange.getResponseHeaders().set("Link", "</v2/x/tags/list?last=b>; rel=\"next\"");
              FaultyRegistry.json(200, "{\"tags\":null}").happen(exchange);
            });
    assertThat(client.repository(name(), ME).tags()).containsExactly("a", "b");
  }

  @Test
  void aRegistryIsSearchedByWhatItHas() {
    registry.next(
        "GET /v1/search?q=box&n=5",
        FaultyRegistry.json(
            200,
            "{\"results\":[{\"name\":\"team/box\",\"description\":\"d\",\"star_count\":3,"
                + "\"is_official\":true}]}"));
    assertThat(client.search(registry.host() + "/box", 5, ME))
        .containsExactly(new SearchResult(registry.host() + "/team/box", "d", 3, true, false));
    registry.next(
        "GET /v2/_catalog", FaultyRegistry.json(200, "{\"repositories\":[\"a/box\",\"b\"]}"));
    assertThat(client.search(registry.host() + "/box", 5, ME))
        .extracting(SearchResult::name)
        .containsExactly(registry.host() + "/a/box");
  }

  @Test
  void dockersNamesOfTheHubAreOne() {
    assertThat(List.of("https://index.docker.io/v1/", "registry-1.docker.io", "docker.io", ""))
        .allSatisfy(server -> assertThat(RegistryClient.domain(server)).isEqualTo("docker.io"));
    assertThat(RegistryClient.domain("https://reg:5000/v2/")).isEqualTo("reg:5000");
  }
}
