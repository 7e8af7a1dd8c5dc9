package dev.kemas.signature.sigstore;

import dev.kemas.fault.Fault;
import dev.kemas.signature.Evidence;
import dev.kemas.signature.KeylessVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Verifies by the trust roots that it is given, each read once and again when its file has changed;
 * sigstore's own once a day. Thread-safe.
 */
public final class SigstoreVerifier implements KeylessVerifier {
  private static final Duration PUBLIC_FOR = Duration.ofDays(1);

  private final Map<Optional<Path>, Read> roots = new ConcurrentHashMap<>();

  /** A trust root and what tells whether it is still the same. */
  private record Read(FileTime changed, Instant at, TrustRoot root) {}

  public SigstoreVerifier() {}

  @Override
  public Outcome verify(Optional<Path> trustRoot, Evidence evidence) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // the libraries look for their resources there, and the caller's does not have them
    thread.setContextClassLoader(SigstoreVerifier.class.getClassLoader());
    try {
      return judged(trustRoot, evidence);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private Outcome judged(Optional<Path> trustRoot, Evidence evidence) {
    TrustRoot root = root(trustRoot);
    try {
      X509Certificate certificate =
          switch (evidence) {
            case Evidence.SimpleSigning simple -> SimpleSigningCheck.of(root, simple);
            case Evidence.Bundle bundle -> BundleCheck.of(root, bundle);
          };
      return Certificates.certified(certificate);
    } catch (NotVerified e) {
      return new Refused(e.getMessage());
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      // the library answers some malformed input with whatever it stumbles over
      return new Refused("it is malformed: " + e.getMessage());
    }
  }

  private TrustRoot root(Optional<Path> file) {
    FileTime changed = file.map(SigstoreVerifier::changed).orElse(FileTime.fromMillis(0));
    return roots
        .compute(
            file,
            (f, before) ->
                before == null || isOld(f, before, changed)
                    ? new Read(changed, Instant.now(), TrustRoot.read(f))
                    : before)
        .root();
  }

  private static boolean isOld(Optional<Path> file, Read read, FileTime changed) {
    return file.isPresent()
        ? !read.changed().equals(changed)
        : read.at().plus(PUBLIC_FOR).isBefore(Instant.now());
  }

  private static FileTime changed(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new Fault.InvalidArgument("cannot read the trust root " + file + ": " + e, e);
    }
  }
}
