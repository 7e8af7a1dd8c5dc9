package dev.kemas.signature.sigstore;

import dev.sigstore.rekor.client.RekorEntry;
import dev.sigstore.trustroot.TransparencyLog;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.HexFormat;

/** When a signature came into the log. */
final class LogTime {
  private LogTime() {}

  /**
   * Refuses an entry of a time at which the certificate was not valid, or the log not in use.
   *
   * @param entry whose promise was verified, or is verified with the log's key that is returned
   */
  @SuppressWarnings("JavaUtilDate") // what certificates are asked with
  static TransparencyLog require(TrustRoot root, RekorEntry entry, X509Certificate certificate)
      throws NotVerified {
    TransparencyLog log =
        TransparencyLog.find(
                root.root().getTLogs(),
                HexFormat.of().parseHex(entry.getLogID()),
                entry.getIntegratedTimeInstant())
            .orElseThrow(() ->
                new NotVerified(
                    "its entry is of a transparency log ("
                        + entry.getLogID()
                        + ") that the trust root does not have for "
                        + entry.getIntegratedTimeInstant()));
    try {
      certificate.checkValidity(Date.from(entry.getIntegratedTimeInstant()));
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      throw new NotVerified(
          "its certificate was valid from "
              + certificate.getNotBefore().toInstant()
              + " to "
              + certificate.getNotAfter().toInstant()
              + ", and it came into the log at "
              + entry.getIntegratedTimeInstant(),
          e);
    }
    return log;
  }
}
