package dev.kemas.registry.client;

import dev.kemas.fault.Fault;
import dev.kemas.tls.Pem;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom to believe and what to show: the certificates of the host, not those that came with Java, so
 * that a registry or a proxy that the host's other programs trust is trusted here too; and those
 * that the administrator put into a folder for one registry, for that one alone.
 */
final class Trust {
  private static final List<Path> BUNDLES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private Trust() {}

  /** The folders that are there for a registry. */
  static List<Path> folders(String authority, List<Path> roots) {
    return roots.stream().map(root -> root.resolve(authority)).filter(Files::isDirectory).toList();
  }

  /**
   * TLS for a registry.
   *
   * @param verified whether its certificate must be vouched for
   * @param folders of this registry: {@code *.crt} are authorities, {@code *.cert} with {@code
   *     *.key} what to show
   * @throws Fault.InvalidArgument when a file in them is not what its name says
   */
  static SSLContext of(boolean verified, List<Path> folders, Map<String, String> environment) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManager[] managers =
          verified ? authorities(folders, environment) : new TrustManager[] {new Anybody()};
      context.init(own(folders), managers, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new Fault.Unavailable("cannot read the certificates for TLS: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] authorities(List<Path> folders, Map<String, String> environment)
      throws GeneralSecurityException, IOException {
    List<Certificate> certificates = new ArrayList<>();
    String named = environment.getOrDefault("SSL_CERT_FILE", "");
    List<Path> bundles = named.isEmpty() ? BUNDLES : List.of(Path.of(named));
    Optional<Path> bundle = bundles.stream().filter(Files::isReadable).findFirst();
    if (bundle.isPresent()) {
      certificates.addAll(Pem.certificates(bundle.get()));
    }
    for (Path file : files(folders, ".crt")) {
      certificates.addAll(Pem.certificates(file));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    if (certificates.isEmpty()) {
      factory.init((KeyStore) null); // a host without any: those that came with Java
      return factory.getTrustManagers();
    }
    KeyStore store = empty();
    for (int i = 0; i < certificates.size(); i++) {
      store.setCertificateEntry("known-" + i, certificates.get(i));
    }
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager[] own(List<Path> folders) throws GeneralSecurityException, IOException {
    char[] password = "only in memory".toCharArray();
    KeyStore store = empty();
    int number = 0;
    for (Path certificate : files(folders, ".cert")) {
      Path key = sibling(certificate);
      if (!Files.isReadable(key)) {
        throw new Fault.InvalidArgument(
            "missing key "
                + key.getFileName()
                + " for client certificate "
                + certificate.getFileName()
                + " in "
                + certificate.getParent()
                + ". CA certificates must use the extension .crt.");
      }
      KeyStore pair = Pem.own(certificate, key, password);
      String alias = Collections.list(pair.aliases()).getFirst();
      store.setKeyEntry(
          "own-" + number, pair.getKey(alias, password), password, pair.getCertificateChain(alias));
      number++;
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory.getKeyManagers();
  }

  private static Path sibling(Path certificate) {
    String name = certificate.getFileName().toString();
    return certificate.resolveSibling(name.substring(0, name.length() - ".cert".length()) + ".key");
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static List<Path> files(List<Path> folders, String ending) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path folder : folders) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + ending)) {
        found.forEach(files::add);
      }
    }
    Collections.sort(files);
    return files;
  }

  /** The extended kind is asked about host names too, so that those are not looked at either. */
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
