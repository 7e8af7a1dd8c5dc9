package dev.kemas.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
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
      Files.setLastModifiedTime(
          users, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 5000));
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
