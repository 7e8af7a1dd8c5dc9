package dev.kemas.registry.client;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom to believe: the certificates of the host, not those that came with Java, so that a registry
 * or a proxy that the host's other programs trust is trusted here too.
 */
final class Trust {
  private static final List<Path> BUNDLES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));
  private static final Path PER_REGISTRY = Path.of("/etc/docker/certs.d");

  private Trust() {}

  /** The host's certificates and those in {@code /etc/docker/certs.d}. */
  static SSLContext ofHost(Map<String, String> environment) {
    try {
      List<Certificate> certificates = new ArrayList<>();
      String named = environment.getOrDefault("SSL_CERT_FILE", "");
      List<Path> bundles = named.isEmpty() ? BUNDLES : List.of(Path.of(named));
      for (Path bundle : bundles) {
        if (certificates.isEmpty() && Files.isReadable(bundle)) {
          certificates.addAll(read(bundle));
        }
      }
      if (certificates.isEmpty()) {
        return SSLContext.getDefault();
      }
      certificates.addAll(perRegistry());
      return context(managers(certificates));
    } catch (GeneralSecurityException | IOException e) {
      throw new Fault.Unavailable("cannot read the host's certificates: " + e.getMessage(), e);
    }
  }

  private static List<Certificate> perRegistry() throws IOException, GeneralSecurityException {
    List<Certificate> certificates = new ArrayList<>();
    if (Files.isDirectory(PER_REGISTRY)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(PER_REGISTRY)) {
        for (Path folder : files) {
          if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.crt")) {
              for (Path file : found) {
                certificates.addAll(read(file));
              }
            }
          }
        }
      }
    }
    return certificates;
  }

  private static Collection<? extends Certificate> read(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }

  private static TrustManager[] managers(List<Certificate> certificates)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < certificates.size(); i++) {
      store.setCertificateEntry("host-" + i, certificates.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** Anybody: for registries that the administrator called insecure. */
  static SSLContext ofAnybody() {
    try {
      return context(new TrustManager[] {new Anybody()});
    } catch (GeneralSecurityException e) {
      throw new Fault.Internal("this Java runtime lacks TLS", e);
    }
  }

  private static SSLContext context(TrustManager[] managers) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers, null);
    return context;
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
