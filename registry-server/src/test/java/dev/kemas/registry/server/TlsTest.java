package dev.kemas.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry with a certificate. */
class TlsTest {
  @TempDir Path folder;

  private ServerConfig with(ServerConfig.Tls tls) {
    ServerConfig c = Running.config(folder.resolve("registry"));
    return new ServerConfig(
        c.listen(),
        c.product(),
        c.store(),
        Optional.of(tls),
        c.access(),
        c.limits(),
        c.cache(),
        c.readOnly(),
        c.auditLog());
  }

  @Test
  void aClientThatTrustsTheCertificatePushesAndPulls() throws Exception {
    Path trusted = Files.createDirectories(folder.resolve("trusted"));
    Tool.run(
        folder,
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-keyout",
        "key.pem",
        "-out",
        "trusted/ca.crt");
    ServerConfig config =
        with(new ServerConfig.Tls(trusted.resolve("ca.crt"), folder.resolve("key.pem")));
    try (RegistryServer server = RegistryServer.start(config)) {
      Sample image = Sample.of(1, 10_000);
      image.layout(folder.resolve("image"));
      String there = "docker://127.0.0.1:" + server.address().getPort() + "/tls/image:1";
      Tool.run(
          folder,
          "skopeo",
          "copy",
          "--insecure-policy",
          "--preserve-digests",
          "--dest-cert-dir=trusted",
          "oci:image:latest",
          there);
      assertThat(Tool.run(folder, "skopeo", "inspect", "--cert-dir=trusted", there))
          .contains(image.digest().toString());
      assertThatThrownBy(() -> Tool.run(folder, "skopeo", "inspect", there))
          .hasMessageContaining("certificate");
    }
  }

  @Test
  void filesThatAreNoCertificateAreNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("none.pem"), "nothing");
    assertThatThrownBy(() -> RegistryServer.start(with(new ServerConfig.Tls(file, file))))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("none.pem");
  }
}
