package dev.kemas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code login} and {@code logout} with an engine that says yes or no. */
final class LoginTest {
  @TempDir Path folder;

  private Kemas kemas(FakeEngine engine, String input) {
    return new Kemas(
        Map.of("KEMAS_HOST", engine.host(), "DOCKER_CONFIG", folder.resolve("c").toString()),
        input);
  }

  private FakeEngine engine(String answer) throws IOException {
    return new FakeEngine(folder, request -> answer, connection -> {});
  }

  private Path file() {
    return folder.resolve("c/config.json");
  }

  @Test
  void aLoginThatTheRegistryTakesIsKeptUntilTheLogout() throws IOException {
    try (FakeEngine engine = engine("{\"Status\":\"Login Succeeded\",\"IdentityToken\":\"\"}")) {
      Kemas login = kemas(engine, "s e:c\n");
      assertThat(login.run("login", "-u", "ann", "--password-stdin", "r.example")).isZero();
      assertThat(engine.requests())
          .containsExactly(
              "POST /auth {\"username\":\"ann\",\"password\":\"s e:c\",\"serveraddress\":\"r.example\"}");
      assertThat(login.out()).isEqualTo("Login Succeeded\n");
      assertThat(login.err())
          .contains("WARNING! The login is kept unencrypted in " + file())
          .doesNotContain("s e:c");
      assertThat(Files.readString(file())).contains("YW5uOnMgZTpj");
      Kemas logout = kemas(engine, "");
      assertThat(logout.run("logout", "r.example")).isZero();
      assertThat(Files.readString(file())).doesNotContain("YW5uOnMgZTpj");
      assertThat(logout.run("logout", "r.example")).isZero();
      assertThat(logout.out())
          .isEqualTo("Removing login credentials for r.example\nNot logged in to r.example\n");
    }
  }

  @Test
  void aTokenOfTheRegistryIsKeptInsteadOfThePassword() throws IOException {
    try (FakeEngine engine =
        engine("{\"Status\":\"Login Succeeded\",\"IdentityToken\":\"refresh\"}")) {
      Kemas login = kemas(engine, "");
      assertThat(login.run("login", "-u", "ann", "-p", "word", "r.example")).isZero();
      assertThat(Files.readString(file())).contains("refresh").doesNotContain("YW5uOndvcmQ=");
      assertThat(login.err()).contains("Use --password-stdin");
    }
  }

  @Test
  void aRefusedLoginIsNotKept() throws IOException {
    try (FakeEngine engine = engine("401 {\"message\":\"unauthorized: wrong password\"}")) {
      Kemas login = kemas(engine, "x");
      assertThat(login.run("login", "-u", "ann", "--password-stdin", "r.example")).isEqualTo(1);
      assertThat(login.err()).contains("unauthorized: wrong password");
      assertThat(Files.exists(file())).isFalse();
    }
  }

  @Test
  void nobodyIsAskedWithoutATerminal() throws IOException {
    try (FakeEngine engine = engine("{}")) {
      Kemas asked = kemas(engine, "ann\nword\n");
      assertThat(asked.run("login", "r.example")).isEqualTo(1);
      assertThat(asked.err()).contains("--password-stdin");
      assertThat(kemas(engine, "word").run("login", "--password-stdin", "r.example")).isEqualTo(1);
      assertThat(kemas(engine, "").run("login", "-u", "ann", "--password-stdin", "r.example"))
          .isEqualTo(1);
      assertThat(engine.requests()).isEmpty();
    }
  }
}
