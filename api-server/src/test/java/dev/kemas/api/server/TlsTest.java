package dev.kemas.api.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TCP: a client with a certificate of the authority is answered, others are not. */
class TlsTest {
  private static final String PASSWORD = "changeit";
  @TempDir Path folder;

  @Test
  void onlyAClientWithACertificateIsAnswered() throws Exception {
    KeyStore ours = pair("server");
    KeyStore known = pair("client");
    KeyStore stranger = pair("stranger");
    Tls tls =
        new Tls(certificate(known, "client"), certificate(ours, "server"), key(ours, "server"));
    int port = freePort();
    try (ApiServer server =
        ApiServer.start(
            List.of(Listen.parse("tcp://127.0.0.1:" + port)),
            new ApiServer.Access(List.of(), Optional.of(tls), false),
            "Kemas/test",
            new FakeEngine().routers())) {
      assertThat(server).isNotNull();
      assertThat(ping(port, known, ours)).startsWith("HTTP/1.1 200").endsWith("OK");
      assertThatThrownBy(() -> ping(port, stranger, ours)).isInstanceOf(IOException.class);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String ping(int port, KeyStore own, KeyStore trusted) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, PASSWORD.toCharArray());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    KeyStore authority = KeyStore.getInstance("PKCS12");
    authority.load(null, null);
    authority.setCertificateEntry("a", trusted.getCertificate("server"));
    trust.init(authority);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              "GET /_ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      try (InputStream in = socket.getInputStream()) {
        String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        if (answer.isEmpty()) {
          throw new IOException("no answer");
        }
        return answer;
      }
    }
  }

  private KeyStore pair(String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(
        List.of(
            "-genkeypair",
            "-keyalg",
            "EC",
            "-alias",
            name,
            "-dname",
            "CN=" + name,
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    KeyStore pair = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      pair.load(in, PASSWORD.toCharArray());
    }
    return pair;
  }

  private Path certificate(KeyStore store, String name) throws Exception {
    return pem(name + ".crt", "CERTIFICATE", store.getCertificate(name).getEncoded());
  }

  private Path key(KeyStore store, String name) throws Exception {
    return pem(
        name + ".key", "PRIVATE KEY", store.getKey(name, PASSWORD.toCharArray()).getEncoded());
  }

  private Path pem(String file, String type, byte[] content) throws IOException {
    String text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(
                type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content), type);
    return Files.writeString(folder.resolve(file), text);
  }
}
