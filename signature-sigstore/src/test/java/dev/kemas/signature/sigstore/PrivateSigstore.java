package dev.kemas.signature.sigstore;

import dev.kemas.oci.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * What sigstore runs, in a test's hands: an authority that certifies whom it is told to, a log of
 * certificates and a log of signatures of one entry each. Real keys, certificates and signatures.
 */
final class PrivateSigstore {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static final ASN1ObjectIdentifier SCTS =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2");
  private static final X500Name ROOT = new X500Name("O=test,CN=root");
  private static final X500Name AUTHORITY = new X500Name("O=test,CN=authority");

  private final KeyPair root = pair();
  private final KeyPair authority = pair();
  private final KeyPair certificateLog = pair();
  private final KeyPair log = pair();
  private final X509Certificate rootCertificate;
  private final X509Certificate authorityCertificate;

  PrivateSigstore() throws GeneralSecurityException, IOException {
    try {
      rootCertificate = authority(ROOT, root.getPublic());
      authorityCertificate = authority(AUTHORITY, authority.getPublic());
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  static KeyPair pair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  static byte[] sign(KeyPair by, byte[] message) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(by.getPrivate());
    signature.update(message);
    return signature.sign();
  }

  static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static String pem(X509Certificate certificate) throws GeneralSecurityException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  private static ContentSigner signer(KeyPair by) throws OperatorCreationException {
    return new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate());
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, Instant from, Instant to, X500Name subject, PublicKey key) {
    return new X509v3CertificateBuilder(
        issuer,
        BigInteger.valueOf(System.nanoTime()),
        Date.from(from),
        Date.from(to),
        subject,
        SubjectPublicKeyInfo.getInstance(key.getEncoded()));
  }

  private X509Certificate authority(X500Name subject, PublicKey key)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    X509v3CertificateBuilder builder =
        builder(
            ROOT, NOW.minus(Duration.ofDays(365)), NOW.plus(Duration.ofDays(365)), subject, key);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer(root)));
  }

  /** What a certificate is to say. */
  record Wanted(GeneralName identity, String issuer, Instant from, boolean inLog) {
    static Wanted mail(String address) {
      return new Wanted(
          new GeneralName(GeneralName.rfc822Name, address), "https://issuer.test", NOW, true);
    }

    Wanted from(Instant other) {
      return new Wanted(identity, issuer, other, inLog);
    }

    Wanted outsideOfTheLog() {
      return new Wanted(identity, issuer, from, false);
    }
  }

  /** A certificate of ten minutes for a key. */
  X509Certificate certify(PublicKey key, Wanted wanted)
      throws GeneralSecurityException, IOException {
    try {
      X509v3CertificateBuilder builder =
          builder(
              AUTHORITY,
              wanted.from(),
              wanted.from().plus(Duration.ofMinutes(10)),
              new X500Name(new org.bouncycastle.asn1.x500.RDN[0]),
              key);
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning));
      builder.addExtension(
          Extension.subjectAlternativeName, true, new GeneralNames(wanted.identity()));
      builder.addExtension(
          new ASN1ObjectIdentifier("1.3.6.1.4.1.57264.1.8"),
          false,
          new DERUTF8String(wanted.issuer()));
      if (wanted.inLog()) {
        byte[] unlogged =
            builder.build(signer(authority)).toASN1Structure().getTBSCertificate().getEncoded();
        builder.addExtension(SCTS, false, new DEROctetString(timestamps(unlogged, wanted.from())));
      }
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer(authority)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /** The log's list of one signed time stamp (RFC 6962, 3.2 and 3.3). */
  private byte[] timestamps(byte[] unlogged, Instant at) throws GeneralSecurityException {
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    signed.writeBytes(new byte[] {0, 0});
    signed.writeBytes(ByteBuffer.allocate(8).putLong(at.toEpochMilli()).array());
    signed.writeBytes(new byte[] {0, 1});
    signed.writeBytes(sha256(authority.getPublic().getEncoded()));
    signed.write(unlogged.length >> 16);
    signed.write(unlogged.length >> 8);
    signed.write(unlogged.length);
    signed.writeBytes(unlogged);
    signed.writeBytes(new byte[] {0, 0});
    byte[] signature = sign(certificateLog, signed.toByteArray());
    ByteBuffer one = ByteBuffer.allocate(1 + 32 + 8 + 2 + 4 + signature.length);
    one.put((byte) 0).put(sha256(certificateLog.getPublic().getEncoded()));
    one.putLong(at.toEpochMilli()).putShort((short) 0);
    one.put((byte) 4).put((byte) 3).putShort((short) signature.length).put(signature);
    ByteBuffer list = ByteBuffer.allocate(4 + one.capacity());
    return list.putShort((short) (2 + one.capacity()))
        .putShort((short) one.capacity())
        .put(one.array())
        .array();
  }

  /** The {@code trusted_root.json} of all this. */
  String trustRoot() throws GeneralSecurityException {
    String valid = "\"validFor\":{\"start\":\"2025-06-01T00:00:00Z\"}";
    return "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\",\"tlogs\":["
        + log("https://log.test", log, valid)
        + "],\"ctlogs\":["
        + log("https://certificates.test", certificateLog, valid)
        + "],\"certificateAuthorities\":[{\"subject\":{\"organization\":\"test\",\"commonName\":"
        + "\"authority\"},\"uri\":\"https://authority.test\",\"certChain\":{\"certificates\":["
        + "{\"rawBytes\":\""
        + base64(authorityCertificate.getEncoded())
        + "\"},{\"rawBytes\":\""
        + base64(rootCertificate.getEncoded())
        + "\"}]},"
        + valid
        + "}]}";
  }

  private static String log(String url, KeyPair key, String valid) throws GeneralSecurityException {
    byte[] encoded = key.getPublic().getEncoded();
    return "{\"baseUrl\":\""
        + url
        + "\",\"hashAlgorithm\":\"SHA2_256\",\"publicKey\":{\"rawBytes\":\""
        + base64(encoded)
        + "\",\"keyDetails\":\"PKIX_ECDSA_P256_SHA_256\","
        + valid
        + "},\"logId\":{\"keyId\":\""
        + base64(sha256(encoded))
        + "\"}}";
  }

  private byte[] logId() throws GeneralSecurityException {
    return sha256(log.getPublic().getEncoded());
  }

  private byte[] promise(byte[] body, Instant at) throws GeneralSecurityException {
    Map<String, Object> said = new TreeMap<>();
    said.put("body", base64(body));
    said.put("integratedTime", at.getEpochSecond());
    said.put("logID", HexFormat.of().formatHex(logId()));
    said.put("logIndex", 0);
    return sign(log, Json.write(said));
  }

  /** The entry of a signature, as cosign keeps it in an annotation. */
  String entry(byte[] payload, byte[] signature, X509Certificate certificate, Instant at)
      throws GeneralSecurityException {
    byte[] body =
        ("{\"apiVersion\":\"0.0.1\",\"kind\":\"hashedrekord\",\"spec\":{\"data\":{\"hash\":"
                + "{\"algorithm\":\"sha256\",\"value\":\""
                + HexFormat.of().formatHex(sha256(payload))
                + "\"}},\"signature\":{\"content\":\""
                + base64(signature)
                + "\",\"publicKey\":{\"content\":\""
                + base64(pem(certificate).getBytes(StandardCharsets.US_ASCII))
                + "\"}}}}")
            .getBytes(StandardCharsets.UTF_8);
    return Json.text(
        Map.of(
            "SignedEntryTimestamp",
            base64(promise(body, at)),
            "Payload",
            Map.of(
                "body",
                base64(body),
                "integratedTime",
                at.getEpochSecond(),
                "logIndex",
                0,
                "logID",
                HexFormat.of().formatHex(logId()))));
  }

  /** A bundle of a statement, signed and in the log. */
  String bundle(KeyPair key, X509Certificate certificate, String statement, Instant at)
      throws GeneralSecurityException {
    byte[] payload = statement.getBytes(StandardCharsets.UTF_8);
    String type = "application/vnd.in-toto+json";
    byte[] signature =
        sign(
            key,
            ("DSSEv1 " + type.length() + " " + type + " " + payload.length + " " + statement)
                .getBytes(StandardCharsets.UTF_8));
    byte[] body =
        ("{\"apiVersion\":\"0.0.1\",\"kind\":\"dsse\",\"spec\":{\"envelopeHash\":{\"algorithm\":"
                + "\"sha256\",\"value\":\""
                + "0".repeat(64)
                + "\"},\"payloadHash\":{\"algorithm\":\"sha256\",\"value\":\""
                + HexFormat.of().formatHex(sha256(payload))
                + "\"},\"signatures\":[{\"signature\":\""
                + base64(signature)
                + "\",\"verifier\":\""
                + base64(pem(certificate).getBytes(StandardCharsets.US_ASCII))
                + "\"}]}}")
            .getBytes(StandardCharsets.UTF_8);
    byte[] leaf = sha256(ByteBuffer.allocate(body.length + 1).put((byte) 0).put(body).array());
    String head = "log.test - 1\n1\n" + base64(leaf) + "\n";
    byte[] headSignature = sign(log, head.getBytes(StandardCharsets.UTF_8));
    byte[] hinted =
        ByteBuffer.allocate(4 + headSignature.length).put(logId(), 0, 4).put(headSignature).array();
    Map<String, Object> proof =
        Map.of(
            "logIndex",
            "0",
            "rootHash",
            base64(leaf),
            "treeSize",
            "1",
            "hashes",
            List.of(),
            "checkpoint",
            Map.of("envelope", head + "\n— log.test " + base64(hinted) + "\n"));
    Map<String, Object> entry =
        Map.of(
            "logIndex",
            "0",
            "logId",
            Map.of("keyId", base64(logId())),
            "kindVersion",
            Map.of("kind", "dsse", "version", "0.0.1"),
            "integratedTime",
            "" + at.getEpochSecond(),
            "inclusionPromise",
            Map.of("signedEntryTimestamp", base64(promise(body, at))),
            "inclusionProof",
            proof,
            "canonicalizedBody",
            base64(body));
    return Json.text(
        Map.of(
            "mediaType",
            "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial",
            Map.of(
                "certificate",
                Map.of("rawBytes", base64(certificate.getEncoded())),
                "tlogEntries",
                List.of(entry)),
            "dsseEnvelope",
            Map.of(
                "payload",
                base64(payload),
                "payloadType",
                type,
                "signatures",
                List.of(Map.of("sig", base64(signature))))));
  }
}
