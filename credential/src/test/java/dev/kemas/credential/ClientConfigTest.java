package dev.kemas.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.api.client.Json;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClientConfigTest {
  private static final Credential ANN = new Credential("r.example:5000", "ann", "p:w d", "");

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("config.json");
  }

  private ClientConfig read() {
    return ClientConfig.read(file(), folder.toString());
  }

  private ClientConfig config(String text) throws IOException {
    Files.writeString(file(), text);
    return read();
  }

  @Test
  void whatIsStoredIsFoundByTheNextReaderAndErased() {
    read().store(ANN);
    assertThat(read().find("r.example:5000")).contains(ANN);
    assertThat(read().find("other")).isEmpty();
    assertThat(read().erase("r.example:5000")).isTrue();
    assertThat(read().find("r.example:5000")).isEmpty();
    assertThat(read().erase("r.example:5000")).isFalse();
  }

  @Test
  void theFileIsItsOwnersAloneAndFieldsOfOthersStay() throws IOException {
    config("{\"HttpHeaders\":{\"a\":\"b\"},\"auths\":{\"x\":{\"auth\":\"YTpi\"}}}").store(ANN);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    Json json = Json.parse(Files.readString(file()));
    assertThat(json.get("HttpHeaders").text("a")).isEqualTo("b");
    assertThat(json.get("auths").get("x").text("auth")).isEqualTo("YTpi");
    assertThat(Files.list(folder)).containsExactly(file());
  }

  @ParameterizedTest
  @CsvSource({
    "https://r.example/v2/, r.example",
    "r.example, r.example",
    "http://r.example, r.example",
    "https://index.docker.io/v1/, https://index.docker.io/v1/",
  })
  void aServerIsKnownByItsHostHoweverTheFileSpellsIt(String key, String asked) throws IOException {
    ClientConfig config = config("{\"auths\":{\"" + key + "\":{\"auth\":\"YTpi\"}}}");
    assertThat(config.find(asked)).contains(new Credential(asked, "a", "b", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "python:3.11, https://index.docker.io/v1/",
    "team/app, https://index.docker.io/v1/",
    "docker.io/team/app, https://index.docker.io/v1/",
    "localhost/app, localhost",
    "r.example:5000/a/b:c, r.example:5000",
  })
  void aReferenceNamesItsRegistry(String reference, String key) {
    assertThat(RegistryKey.ofImage(reference)).isEqualTo(key);
  }

  @Test
  void anIdentityTokenStandsForThePassword() {
    read().store(ANN.withIdentityToken("refresh"));
    Credential found = read().find("r.example:5000").orElseThrow();
    assertThat(found.identityToken()).isEqualTo("refresh");
    assertThat(found.password()).isEmpty();
    assertThat(found.toJson().write()).contains("\"identitytoken\":\"refresh\"");
  }

  @Test
  void noSecretIsInTheTextForm() {
    assertThat(ANN.toString()).isEqualTo("ann at r.example:5000");
  }

  @Test
  void aDamagedFileIsRefusedByItsName() throws IOException {
    Files.writeString(file(), "{\"auths\":");
    assertThatThrownBy(this::read)
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining(file().toString());
    ClientConfig odd = config("{\"auths\":{\"x\":{\"auth\":\"%%\"}}}");
    assertThatThrownBy(() -> odd.find("x")).hasMessageContaining("log in again");
  }

  @Test
  void theFolderComesFromTheEnvironment() {
    Map<String, String> environment = Map.of("DOCKER_CONFIG", folder.toString(), "HOME", "/h");
    assertThat(ClientConfig.of(n -> environment.getOrDefault(n, "")).file()).isEqualTo(file());
    assertThat(ClientConfig.of(n -> n.equals("HOME") ? "/h" : "").file())
        .isEqualTo(Path.of("/h/.docker/config.json"));
  }

  @Test
  void aHelperProgramKeepsTheLoginAndTheFileDoesNot() throws IOException {
    Path program = folder.resolve("docker-credential-test");
    Files.writeString(
        program,
        """
        #!/bin/sh
        store=$(dirname "$0")/store
        case $1 in
        get)
          read -r server
          if [ -f "$store" ] && grep -qF "$server" "$store"; then cat "$store"; exit 0; fi
          echo "credentials not found in native keychain"
          exit 1 ;;
        store) cat > "$store" ;;
        erase) rm -f "$store" ;;
        list) if [ -f "$store" ]; then echo '{"r.example:5000":"ann"}'; else echo '{}'; fi ;;
        esac
        """);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    ClientConfig config = config("{\"credsStore\":\"test\"}");
    assertThat(config.keepsInPlain("r.example:5000")).isFalse();
    config.store(ANN);
    assertThat(Files.readString(file())).doesNotContain("YW5u").contains("r.example:5000");
    assertThat(config.find("r.example:5000")).contains(ANN);
    assertThat(config.all()).containsOnlyKeys("r.example:5000");
    config.store(ANN.withIdentityToken("refresh"));
    assertThat(config.find("r.example:5000").orElseThrow().identityToken()).isEqualTo("refresh");
    assertThat(config.erase("r.example:5000")).isTrue();
    assertThat(config.find("r.example:5000")).isEmpty();
    assertThat(Files.exists(folder.resolve("store"))).isFalse();
  }

  @Test
  void aHelperThatIsNotThereIsToldByItsName() throws IOException {
    ClientConfig config = config("{\"credHelpers\":{\"r.example\":\"absent\"}}");
    assertThat(config.keepsInPlain("other")).isTrue();
    assertThatThrownBy(() -> config.find("r.example"))
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessageContaining("docker-credential-absent")
        .hasMessageContaining("credHelpers");
  }
}
