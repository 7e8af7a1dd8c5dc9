package dev.kemas.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PEM files as OpenSSL writes them. */
class PemTest {
  private static final char[] PASSWORD = "x".toCharArray();
  @TempDir Path folder;

  private Path at(String name) {
    return folder.resolve(name);
  }

  private static void openssl(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = "openssl";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  @Test
  void keysOfBothFormsAreRead() throws Exception {
    openssl(
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=me",
        "-keyout",
        at("key").toString(),
        "-out",
        at("crt").toString());
    openssl("rsa", "-traditional", "-in", at("key").toString(), "-out", at("old").toString());
    assertThat(Files.readString(at("old"))).contains("BEGIN RSA PRIVATE KEY");
    KeyStore now = Pem.own(at("crt"), at("key"), PASSWORD);
    KeyStore old = Pem.own(at("crt"), at("old"), PASSWORD);
    assertThat(old.getKey("own", PASSWORD)).isEqualTo(now.getKey("own", PASSWORD));
    assertThat(Pem.certificates(at("crt"))).hasSize(1);
    assertThat(Pem.trusted(at("crt")).size()).isEqualTo(1);
  }

  @Test
  void aFileWithoutWhatIsWantedIsNamed() throws IOException {
    Files.writeString(at("nothing"), "nothing\n");
    assertThatThrownBy(() -> Pem.trusted(at("nothing")))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining(at("nothing").toString());
    assertThatThrownBy(() -> Pem.trusted(at("missing")))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining(at("missing").toString());
  }
}
