package dev.kemas.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.kemas.fault.Fault;
import dev.kemas.tls.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registries with a private authority that want to see a certificate. */
class CertificatesTest {
  @TempDir Path folder;
  private HttpsServer server;

  @BeforeEach
  void start() throws Exception {
    pair("server");
    pair("client");
    char[] password = "x".toCharArray();
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(
        Pem.own(folder.resolve("server.crt"), folder.resolve("server.key"), password), password);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    KeyStore known = Pem.trusted(folder.resolve("client.crt"));
    trust.init(known);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.createContext(
        "/v2/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void pair(String name) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt"));
    command.addAll(
        List.of(
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=" + name,
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            folder.resolve(name + ".key").toString(),
            "-out",
            folder.resolve(name + ".crt").toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private void ask(Path certificates) {
    Transport transport =
        new Transport(
            RegistrySettings.DEFAULT
                .withCertificates(List.of(certificates))
                .withPatience(Duration.ofSeconds(5), new Retries(1, Duration.ZERO, Duration.ZERO)),
            Map.of());
    Endpoint endpoint = Endpoint.at("https://" + host(), true);
    Transport.close(
        transport.send(
            endpoint,
            java.net.http.HttpRequest.newBuilder().GET(),
            endpoint.resolve("/v2/"),
            java.util.Optional.empty()));
  }

  @Test
  void aPrivateAuthorityAndAnOwnCertificateLieInAFolderOfTheRegistry() throws IOException {
    Path certificates = folder.resolve("certs.d");
    Path mine = Files.createDirectories(certificates.resolve(host()));
    assertThatThrownBy(() -> ask(certificates))
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessageContaining("certs.d/HOST:PORT/ca.crt");

    Files.copy(folder.resolve("server.crt"), mine.resolve("ca.crt"));
    assertThatThrownBy(() -> ask(certificates)).isInstanceOf(Fault.Unavailable.class);

    Files.copy(folder.resolve("client.crt"), mine.resolve("client.cert"));
    assertThatThrownBy(() -> ask(certificates))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("missing key client.key for client certificate client.cert");

    Files.copy(folder.resolve("client.key"), mine.resolve("client.key"));
    ask(certificates);
  }

  @Test
  void whatIsTrustedForOneRegistryIsNotForAnother() throws IOException {
    Path certificates = folder.resolve("certs.d");
    Path other = Files.createDirectories(certificates.resolve("other.example"));
    Files.copy(folder.resolve("server.crt"), other.resolve("ca.crt"));
    Files.copy(folder.resolve("client.crt"), other.resolve("client.cert"));
    Files.copy(folder.resolve("client.key"), other.resolve("client.key"));
    assertThatThrownBy(() -> ask(certificates)).isInstanceOf(Fault.Unavailable.class);
  }
}
