package dev.kemas.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what: passwords, rules, tokens. */
class AccessTest {
  private static final String ALICE = basic("alice", "s3cret");
  private static final String BOB = basic("bob", "hunter2");
  @TempDir Path folder;
  private Path users;
  private Path rules;

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  private static String line(String user, String password) {
    return user + ":" + BCrypt.withDefaults().hashToString(4, password.toCharArray()) + "\n";
  }

  @BeforeEach
  void files() throws IOException {
    users =
        Files.writeString(
            folder.resolve("users"), line("alice", "s3cret") + line("bob", "hunter2"));
    rules =
        Files.writeString(
            folder.resolve("rules"),
            """
            rules:
              - users: [alice]
                repositories: ["**"]
                actions: [pull, push, delete]
              - users: ["*"]
                repositories: ["team/*"]
                actions: [pull]
              - users: [anonymous]
                repositories: ["public/**"]
                actions: [pull]
            """);
  }

  private Running start(boolean withRules, boolean tokens) {
    ServerConfig.Access access =
        new ServerConfig.Access(
            Optional.of(users), withRules ? Optional.of(rules) : Optional.empty(), tokens);
    return Running.start(folder.resolve("registry"), config -> config.with(access));
  }

  @Test
  void withoutAPasswordNothingIsSeen() throws Exception {
    try (Running registry = start(false, false)) {
      Http.Answer answer = registry.http().get("/v2/").expect(401, "UNAUTHORIZED");
      assertThat(answer.header("WWW-Authenticate")).isEqualTo("Basic realm=\"kemas registry\"");
      registry.http().get("/v2/", "Authorization", ALICE).expect(200);
      registry.http().get("/v2/", "Authorization", basic("alice", "wrong")).expect(401);
      registry.http().get("/v2/", "Authorization", basic("nobody", "s3cret")).expect(401);
      registry.http().get("/metrics").expect(401);
      registry.http().get("/v2/_catalog").expect(401);
    }
  }

  @Test
  void aChangedFileOfUsersIsReadAgain() throws Exception {
    try (Running registry = start(false, false)) {
      registry.http().get("/v2/", "Authorization", ALICE).expect(200);
      Files.writeString(users, line("carol", "new"));
      Files.setLastModifiedTime(users, FileTime.fromMillis(System.currentTimeMillis() + 5000));
      registry.http().get("/v2/", "Authorization", ALICE).expect(401);
      registry.http().get("/v2/", "Authorization", basic("carol", "new")).expect(200);
    }
  }

  @Test
  void rulesSayWhoMayDoWhat() throws Exception {
    try (Running registry = start(true, false)) {
      Http http = registry.http();
      byte[] blob = {1, 2, 3};
      String digest = Digest.of(blob).toString();
      for (String name : new String[] {"team/app", "public/a/b", "private/x"}) {
        http.send(
                "POST",
                "/v2/" + name + "/blobs/uploads/?digest=" + digest,
                blob,
                "Authorization",
                ALICE)
            .expect(201);
      }
      http.get("/v2/team/app/blobs/" + digest, "Authorization", BOB).expect(200);
      http.post("/v2/team/app/blobs/uploads/", "Authorization", BOB).expect(403, "DENIED");
      http.delete("/v2/team/app/blobs/" + digest, "Authorization", BOB).expect(403, "DENIED");
      http.get("/v2/private/x/blobs/" + digest, "Authorization", BOB).expect(403, "DENIED");
      http.get("/v2/public/a/b/blobs/" + digest).expect(200);
      http.get("/v2/private/x/blobs/" + digest).expect(401, "UNAUTHORIZED");
      assertThat(http.get("/v2/_catalog", "Authorization", BOB).expect(200).text())
          .contains("team/app")
          .doesNotContain("private/x");
    }
  }

  @Test
  void whatOneMayNotReadCannotBeMounted() throws Exception {
    Files.writeString(
        rules,
        """
        rules:
          - {users: [alice], repositories: ["**"], actions: [pull, push]}
          - {users: [bob], repositories: ["bob/*"], actions: [pull, push]}
        """);
    byte[] blob = {4, 5, 6};
    String digest = Digest.of(blob).toString();
    try (Running registry = start(true, false)) {
      Http http = registry.http();
      http.send("POST", "/v2/alice/x/blobs/uploads/?digest=" + digest, blob, "Authorization", ALICE)
          .expect(201);
      http.post("/v2/bob/y/blobs/uploads/?mount=" + digest + "&from=alice/x", "Authorization", BOB)
          .expect(202);
      http.get("/v2/bob/y/blobs/" + digest, "Authorization", BOB).expect(404);
    }
  }

  @Test
  void aTokenCarriesTheRightsOfItsScope() throws Exception {
    try (Running registry = start(true, true)) {
      Http http = registry.http();
      Http.Answer refused = http.post("/v2/team/app/blobs/uploads/").expect(401);
      assertThat(refused.header("WWW-Authenticate"))
          .isEqualTo(
              "Bearer realm=\"http://"
                  + registry.host()
                  + "/token\",service=\"kemas registry\",scope=\"repository:team/app:pull,push\"");
      String scope = "/token?service=kemas+registry&scope=repository:team/app:pull,push";
      String alice = token(http.get(scope, "Authorization", ALICE).expect(200));
      http.post("/v2/team/app/blobs/uploads/", "Authorization", "Bearer " + alice).expect(202);
      http.post("/v2/team/other/blobs/uploads/", "Authorization", "Bearer " + alice).expect(401);
      String bob = token(http.get(scope, "Authorization", BOB).expect(200));
      http.post("/v2/team/app/blobs/uploads/", "Authorization", "Bearer " + bob).expect(401);
      http.get(scope, "Authorization", basic("bob", "wrong")).expect(401);
      http.get(scope, "Authorization", "Bearer " + bob).expect(200);
      http.get("/v2/", "Authorization", "Bearer " + bob).expect(200);
      http.get("/v2/", "Authorization", "Bearer " + tampered(alice)).expect(401);
    }
  }

  private static Http.Answer form(Http http, String form) throws Exception {
    return http.send(
        "POST", "/token", bytes(form), "Content-Type", "application/x-www-form-urlencoded");
  }

  private static String field(Http.Answer answer, String name) throws IOException {
    return Json.mapper().readTree(answer.bytes()).path(name).asText();
  }

  @Test
  void aRefreshTokenStandsForThePasswordUntilThatChanges() throws Exception {
    String ask = "/token?service=kemas+registry&client_id=docker&offline_token=true";
    String scope = "&service=kemas+registry&client_id=docker&scope=repository:team/app:pull,push";
    String refresh;
    try (Running registry = start(true, true)) {
      Http http = registry.http();
      assertThat(field(http.get("/token", "Authorization", ALICE).expect(200), "refresh_token"))
          .isEmpty();
      assertThat(field(http.get(ask).expect(200), "refresh_token")).isEmpty();
      refresh = field(http.get(ask, "Authorization", ALICE).expect(200), "refresh_token");
      assertThat(refresh).isNotEmpty();
      Http.Answer answer =
          form(http, "grant_type=refresh_token&refresh_token=" + refresh + scope).expect(200);
      assertThat(field(answer, "refresh_token")).isEqualTo(refresh);
      http.post("/v2/team/app/blobs/uploads/", "Authorization", "Bearer " + token(answer))
          .expect(202);
      Http.Answer byForm =
          form(http, "grant_type=password&username=bob&password=hunter2&access_type=offline")
              .expect(200);
      String bob = field(byForm, "refresh_token");
      assertThat(bob).isNotEmpty().isNotEqualTo(refresh);
      // bob's rights, not alice's
      String less = token(form(http, "grant_type=refresh_token&refresh_token=" + bob + scope));
      http.post("/v2/team/app/blobs/uploads/", "Authorization", "Bearer " + less).expect(401);
      form(http, "grant_type=refresh_token&refresh_token=nonsense").expect(401, "UNAUTHORIZED");
      form(http, "grant_type=client_credentials").expect(405, "UNSUPPORTED");
      form(http, "grant_type=password&username=bob&password=wrong").expect(401);
    }
    // the store knows its hash only
    assertThat(folder.resolve("registry/records/refresh/" + Digest.of(bytes(refresh)).hex()))
        .content()
        .doesNotContain(refresh);
    try (Running registry = start(true, true)) {
      form(registry.http(), "grant_type=refresh_token&refresh_token=" + refresh + scope)
          .expect(200);
      Files.writeString(users, line("alice", "another") + line("bob", "hunter2"));
      Files.setLastModifiedTime(users, FileTime.fromMillis(System.currentTimeMillis() + 5000));
      form(registry.http(), "grant_type=refresh_token&refresh_token=" + refresh + scope)
          .expect(401, "UNAUTHORIZED");
    }
  }

  @Test
  void keysAndRefreshTokensOfLongAgoAreForgotten() throws Exception {
    Path keys = folder.resolve("registry/records/keys");
    Path refreshes = folder.resolve("registry/records/refresh");
    String ask = "/token?offline_token=true";
    try (Running registry = start(false, true)) {
      registry.http().get(ask, "Authorization", ALICE).expect(200);
    }
    Instant longAgo = Instant.now().minus(Duration.ofDays(100));
    for (Path old : List.of(only(keys), only(refreshes))) {
      Files.setLastModifiedTime(old, FileTime.from(longAgo));
    }
    ServerConfig.Limits limits =
        new ServerConfig.Limits(
            OptionalLong.empty(), Duration.ofMillis(50), Duration.ofHours(1), Duration.ofDays(7));
    ServerConfig.Access access =
        new ServerConfig.Access(Optional.of(users), Optional.empty(), true);
    try (Running registry =
        Running.start(folder.resolve("registry"), c -> c.with(access).with(limits))) {
      Wait.until(
          "what is old is gone",
          Duration.ofSeconds(30),
          () -> count(keys) == 1 && count(refreshes) == 0);
      String token = token(registry.http().get(ask, "Authorization", ALICE).expect(200));
      registry.http().get("/v2/", "Authorization", "Bearer " + token).expect(200);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Path only(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.reduce((one, other) -> fail("more than one in " + folder)).orElseThrow();
    }
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void skopeoLogsInWithTokens() throws Exception {
    try (Running registry = start(true, true)) {
      Sample.of(1, 5000).layout(folder.resolve("image"));
      String there = "docker://" + registry.host() + "/team/app:1";
      Tool.run(
          folder,
          "skopeo",
          "copy",
          "--insecure-policy",
          "--dest-tls-verify=false",
          "--dest-creds=alice:s3cret",
          "oci:image:latest",
          there);
      Tool.run(
          folder, "skopeo", "inspect", "--raw", "--tls-verify=false", "--creds=bob:hunter2", there);
      assertThatThrownBy(() ->
              Tool.run(
                  folder,
                  "skopeo",
                  "copy",
                  "--insecure-policy",
                  "--dest-tls-verify=false",
                  "--dest-creds=bob:hunter2",
                  "oci:image:latest",
                  there))
          .hasMessageContaining("denied");
    }
  }

  private static String token(Http.Answer answer) throws IOException {
    return Json.mapper().readTree(answer.bytes()).path("token").asText();
  }

  /** The same signature under other claims. */
  private static String tampered(String token) {
    String[] parts = token.split("\\.");
    String claims =
        new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
            .replace("alice", "admin");
    return parts[0]
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + "."
        + parts[2];
  }

  @Test
  void filesThatCannotBeUsedAreNamed() throws IOException {
    Files.writeString(users, "alice:{SHA}notbcrypt\n");
    assertThatThrownBy(() -> start(false, false))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("user alice")
        .hasMessageContaining("htpasswd -B");
    Files.writeString(users, line("alice", "x"));
    Files.writeString(rules, "rules:\n  - users: [a]\n    repositories: [b]\n    actions: [fly]\n");
    assertThatThrownBy(() -> start(true, false))
        .hasMessageContaining("rule 1")
        .hasMessageContaining("no action \"fly\"");
  }
}
