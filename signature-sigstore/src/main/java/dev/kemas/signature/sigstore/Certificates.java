package dev.kemas.signature.sigstore;

import dev.kemas.signature.KeylessVerifier.Certified;
import dev.sigstore.trustroot.SigstoreTrustedRoot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.ASN1UTF8String;

/** Certificates of signers, and what they say (fulcio's docs/oid-info.md). */
final class Certificates {
  private static final String ISSUER = "1.3.6.1.4.1.57264.1.8";
  private static final String ISSUER_OLD = "1.3.6.1.4.1.57264.1.1";
  private static final String USER_NAME = "1.3.6.1.4.1.57264.1.7";

  /** Kinds of names (RFC 5280, GeneralName). */
  private static final int OTHER = 0;

  private static final Set<Integer> TEXTS = Set.of(1, 2, 6);

  private Certificates() {}

  /** The first certificate of a PEM text. */
  static X509Certificate leaf(String pem) throws GeneralSecurityException, NotVerified {
    List<X509Certificate> all = all(pem);
    if (all.isEmpty()) {
      throw new NotVerified("its certificate is empty");
    }
    return all.getFirst();
  }

  private static List<X509Certificate> all(String pem) throws GeneralSecurityException {
    List<X509Certificate> all = new ArrayList<>();
    for (Certificate one :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
      all.add((X509Certificate) one);
    }
    return all;
  }

  /**
   * A certificate with those between it and what is trusted: what the trust root has is taken from
   * there, and no root from anywhere else.
   */
  static CertPath path(X509Certificate leaf, Optional<String> chain, SigstoreTrustedRoot root)
      throws GeneralSecurityException {
    Set<Certificate> trusted = new HashSet<>();
    root.getCAs().forEach(ca -> trusted.addAll(ca.getCertPath().getCertificates()));
    List<X509Certificate> path = new ArrayList<>(List.of(leaf));
    for (X509Certificate one : chain.isPresent() ? all(chain.get()) : List.<X509Certificate>of()) {
      boolean isRoot = one.getSubjectX500Principal().equals(one.getIssuerX500Principal());
      if (!isRoot && !trusted.contains(one) && !one.equals(leaf)) {
        path.add(one);
      }
    }
    return CertificateFactory.getInstance("X.509").generateCertPath(path);
  }

  /** Whose certificate it is. */
  static Certified certified(X509Certificate certificate)
      throws NotVerified, GeneralSecurityException, IOException {
    List<String> identities = new ArrayList<>();
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    for (List<?> name : names == null ? List.<List<?>>of() : names) {
      int kind = (Integer) name.get(0);
      if (TEXTS.contains(kind)) {
        identities.add((String) name.get(1));
      } else if (kind == OTHER && name.get(1) instanceof byte[] der) {
        userName(der).ifPresent(identities::add);
      }
    }
    if (identities.isEmpty()) {
      throw new NotVerified("its certificate names nobody");
    }
    return new Certified(List.copyOf(identities), issuer(certificate));
  }

  private static Optional<String> userName(byte[] der) throws IOException {
    ASN1Sequence name = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(der));
    return name.getObjectAt(0).toString().equals(USER_NAME)
        ? Optional.of(
            ASN1UTF8String.getInstance(
                    ASN1TaggedObject.getInstance(name.getObjectAt(1)).getExplicitBaseObject())
                .getString())
        : Optional.empty();
  }

  private static String issuer(X509Certificate certificate) throws NotVerified, IOException {
    byte[] value = certificate.getExtensionValue(ISSUER);
    if (value != null) {
      return ASN1UTF8String.getInstance(
              ASN1Primitive.fromByteArray(ASN1OctetString.getInstance(value).getOctets()))
          .getString();
    }
    value = certificate.getExtensionValue(ISSUER_OLD);
    if (value == null) {
      throw new NotVerified("its certificate does not say who vouched for the identity");
    }
    return new String(ASN1OctetString.getInstance(value).getOctets(), StandardCharsets.UTF_8);
  }

  /** All that an exception and its causes say, on one line. */
  static String text(Throwable e) {
    StringBuilder all = new StringBuilder();
    for (Throwable at = e; at != null; at = at.getCause()) {
      String message = String.valueOf(at.getMessage()).replace('\n', ' ');
      if (!all.toString().contains(message)) {
        all.append(all.isEmpty() ? "" : ": ").append(message);
      }
    }
    return all.toString();
  }
}
