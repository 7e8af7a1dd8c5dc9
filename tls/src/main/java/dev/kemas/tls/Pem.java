package dev.kemas.tls;

import dev.kemas.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys in the files that Docker's users have. */
public final class Pem {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ((?:RSA )?PRIVATE KEY)-----([^-]+)-----END");

  /** What is before the key itself in PKCS #8 (RFC 5208): version 0, rsaEncryption, null. */
  private static final byte[] RSA_HEADER = {
    0x02,
    0x01,
    0x00,
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };

  private Pem() {}

  /**
   * The certificates of a file, to be trusted.
   *
   * @throws Fault.InvalidArgument when there are none
   */
  public static KeyStore trusted(Path file) {
    try {
      KeyStore store = empty();
      int number = 0;
      for (Certificate certificate : certificates(file)) {
        store.setCertificateEntry("authority-" + number, certificate);
        number++;
      }
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * A certificate with its chain and its key.
   *
   * @param key not encrypted: RSA, EC or Ed25519
   * @param password under which the key store has the key
   * @throws Fault.InvalidArgument when the files cannot be read or are of no known kind
   */
  public static KeyStore own(Path certificate, Path key, char[] password) {
    try {
      KeyStore store = empty();
      store.setKeyEntry(
          "own", privateKey(key), password, certificates(certificate).toArray(Certificate[]::new));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw unreadable(certificate, e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /**
   * The certificates of a file, in its order; at least one.
   *
   * @throws GeneralSecurityException when it is damaged
   * @throws IOException when it cannot be read
   */
  public static Collection<? extends Certificate> certificates(Path file)
      throws GeneralSecurityException, IOException {
    Collection<? extends Certificate> found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
    if (found.isEmpty()) {
      throw new Fault.InvalidArgument("there is no certificate in " + file);
    }
    return found;
  }

  private static PrivateKey privateKey(Path file) throws IOException {
    Matcher matcher = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    if (!matcher.find()) {
      throw new Fault.InvalidArgument(
          "there is no unencrypted private key in "
              + file
              + ": convert it with openssl pkcs8 -topk8 -nocrypt");
    }
    byte[] bytes = Base64.getMimeDecoder().decode(matcher.group(2));
    PKCS8EncodedKeySpec key =
        new PKCS8EncodedKeySpec(matcher.group(1).startsWith("RSA") ? wrapped(bytes) : bytes);
    Fault.InvalidArgument unknown =
        new Fault.InvalidArgument("the private key in " + file + " is of no known kind");
    // the format does not tell the kind in a way that is worth reading
    for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(key);
      } catch (GeneralSecurityException e) {
        unknown.addSuppressed(e);
      }
    }
    throw unknown;
  }

  private static byte[] wrapped(byte[] rsa) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(RSA_HEADER);
    body.writeBytes(element(0x04, rsa));
    return element(0x30, body.toByteArray());
  }

  /** Type, length and content as DER has them; all lengths here need two bytes. */
  private static byte[] element(int type, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(type);
    out.write(0x82);
    out.write(content.length >> 8);
    out.write(content.length);
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static Fault.InvalidArgument unreadable(Path file, Exception e) {
    return new Fault.InvalidArgument("cannot read " + file + " for TLS: " + e.getMessage(), e);
  }
}
