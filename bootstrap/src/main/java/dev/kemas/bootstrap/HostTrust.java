package dev.kemas.bootstrap;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What this host trusts beyond its distribution, and where its pip looks: for images that shall
 * reach the same servers by the same way.
 *
 * @param certificates in PEM form, those of the host's bundle that its ca-certificates package does
 *     not ship
 * @param pipConfig the text of a pip.conf; empty when the host has nothing of the kind
 * @param remarks what was left out and why, for the one who asked
 */
record HostTrust(List<String> certificates, Optional<String> pipConfig, List<String> remarks) {
  /** Nothing is taken over. */
  static final HostTrust NONE = new HostTrust(List.of(), Optional.empty(), List.of());

  private static final String BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

  public HostTrust {
    certificates = List.copyOf(certificates);
    remarks = List.copyOf(remarks);
  }

  /**
   * Looks at a host.
   *
   * @param root {@code /}
   * @param environment of the process
   */
  static HostTrust of(Path root, Map<String, String> environment) {
    try {
      List<String> remarks = new ArrayList<>();
      List<String> certificates = localCertificates(root);
      Optional<String> pip = pip(root, environment, remarks);
      return new HostTrust(certificates, pip, remarks);
    } catch (IOException | GeneralSecurityException e) {
      throw new Fault.Unavailable(
          "cannot read what this host trusts: "
              + e.getMessage()
              + "; go without it by switching the host's trust off",
          e);
    }
  }

  private static List<String> localCertificates(Path root)
      throws IOException, GeneralSecurityException {
    Path bundle = root.resolve("etc/ssl/certs/ca-certificates.crt");
    if (!Files.isReadable(bundle)) {
      return List.of();
    }
    Set<Certificate> shipped = new HashSet<>();
    Path folder = root.resolve("usr/share/ca-certificates");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".crt")).toList()) {
          shipped.addAll(read(file));
        }
      }
    }
    if (shipped.isEmpty()) {
      return List.of(); // nothing tells what is local; taking all would be no answer
    }
    List<String> local = new ArrayList<>();
    Set<Certificate> seen = new HashSet<>();
    for (Certificate certificate : read(bundle)) {
      if (!shipped.contains(certificate) && seen.add(certificate)) {
        local.add(pem(certificate));
      }
    }
    return local;
  }

  private static List<Certificate> read(Path file) throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(file)) {
      return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
    }
  }

  private static String pem(Certificate certificate) throws GeneralSecurityException {
    String body =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
    return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
  }

  private static Optional<String> pip(
      Path root, Map<String, String> environment, List<String> remarks) throws IOException {
    Map<String, String> settings = new TreeMap<>();
    String home = environment.getOrDefault("HOME", "/root");
    for (String file :
        List.of(
            "etc/xdg/pip/pip.conf",
            "etc/pip.conf",
            home.substring(1) + "/.pip/pip.conf",
            home.substring(1) + "/.config/pip/pip.conf")) {
      Path path = root.resolve(file);
      if (Files.isReadable(path)) {
        global(path, settings);
      }
    }
    for (String key : List.of("index-url", "extra-index-url", "trusted-host", "cert")) {
      String variable = "PIP_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
      String value = environment.getOrDefault(variable, "");
      if (!value.isEmpty()) {
        settings.put(key, value);
      }
    }
    if (settings.containsKey("cert")) {
      settings.put("cert", BUNDLE);
    }
    if (settings.values().stream().anyMatch(v -> v.matches("(?s).*//[^/\\s]*@.*"))) {
      remarks.add(
          "this host's pip index address holds credentials, so its pip configuration is not put"
              + " into the image");
      return Optional.empty();
    }
    if (settings.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder("[global]\n");
    settings.forEach((k, v) -> text.append(k).append(" = ").append(v).append('\n'));
    return Optional.of(text.toString());
  }

  private static void global(Path file, Map<String, String> into) throws IOException {
    boolean global = false;
    String last = "";
    for (String line : Files.readAllLines(file)) {
      String text = line.strip();
      if (text.startsWith("[")) {
        global = text.equalsIgnoreCase("[global]");
      } else if (global && !text.isEmpty() && !text.startsWith("#") && !text.startsWith(";")) {
        if (Character.isWhitespace(line.charAt(0)) && into.containsKey(last)) {
          into.merge(last, "\n    " + text, String::concat);
        } else {
          String[] pair = text.split("[=:]", 2);
          last = pair[0].strip().toLowerCase(Locale.ROOT).replace('_', '-');
          if (pair.length == 2
              && List.of("index-url", "extra-index-url", "trusted-host", "cert").contains(last)) {
            into.put(last, pair[1].strip());
          }
        }
      }
    }
  }
}
