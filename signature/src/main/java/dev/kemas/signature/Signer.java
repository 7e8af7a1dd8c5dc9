package dev.kemas.signature;

import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;

/** Somebody whose signature suffices. */
public sealed interface Signer {
  /** Who it is, for people. */
  String describe();

  /**
   * Who has the private key of one of these.
   *
   * @param file that they were read from
   */
  record Key(Path file, List<PublicKey> keys) implements Signer {
    public Key {
      keys = List.copyOf(keys);
    }

    @Override
    public String describe() {
      return "key " + file;
    }
  }

  /**
   * Whom an authority of a trust root gave a certificate (sigstore's keyless signing).
   *
   * @param trustRoot a {@code trusted_root.json}; empty: sigstore's public-good instance
   * @param identity the certificate's subject: a mail address, the address of a workflow
   * @param issuer who says so: the address of the identity provider
   */
  record Identity(Optional<Path> trustRoot, Wanted identity, Wanted issuer) implements Signer {
    @Override
    public String describe() {
      return "identity " + identity + " of issuer " + issuer;
    }
  }
}
