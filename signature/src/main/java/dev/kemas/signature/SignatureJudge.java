package dev.kemas.signature;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Says whether signatures satisfy a rule. Nothing unsigned is believed: a signature is verified
 * first, and then read. Thread-safe.
 */
public final class SignatureJudge {
  private final Supplier<KeylessVerifier> keyless;

  /** One that looks for what verifies certificates when the first is to be verified. */
  public SignatureJudge() {
    this(new KeylessLoader());
  }

  /**
   * @param keyless asked for when the first certificate is to be verified
   */
  public SignatureJudge(Supplier<KeylessVerifier> keyless) {
    this.keyless = keyless;
  }

  /** What came of it. */
  public sealed interface Verdict {}

  /**
   * One holds.
   *
   * @param by whose it is, for people
   */
  public record Holds(String by) implements Verdict {}

  /**
   * None holds.
   *
   * @param why a reason for each, with where it was found
   */
  public record Fails(List<String> why) implements Verdict {}

  /**
   * Judges an image by what is said to be its signatures. One that holds suffices.
   *
   * @param name that the image is pulled by
   * @param manifest what the name led to: of an index its own digest, as cosign has it
   * @throws Fault.InvalidArgument when a trust root cannot be read
   * @throws Fault.Unavailable when it cannot be got
   * @throws Fault.Unsupported when this installation cannot verify certificates
   */
  public Verdict judge(
      SignatureRule rule, Reference name, Digest manifest, List<Evidence> evidence) {
    List<String> why = new ArrayList<>();
    for (Evidence one : evidence) {
      List<String> reasons = new ArrayList<>();
      for (Signer signer : rule.signers()) {
        String reason = refusal(rule, signer, name, manifest, one);
        if (reason.isEmpty()) {
          return new Holds(signer.describe());
        }
        if (!reasons.contains(reason)) {
          reasons.add(reason);
        }
      }
      why.add(one.source() + ": " + String.join("; ", reasons));
    }
    return new Fails(List.copyOf(why));
  }

  /** Why a signature is not this signer's for this image; empty if it is. */
  private String refusal(
      SignatureRule rule, Signer signer, Reference name, Digest manifest, Evidence evidence) {
    Statement statement;
    try {
      statement = Statement.of(evidence);
    } catch (Fault.InvalidArgument e) {
      return e.getMessage();
    }
    String unproven =
        switch (signer) {
          case Signer.Key key -> byKey(key, statement);
          case Signer.Identity identity -> byIdentity(identity, evidence);
        };
    return unproven.isEmpty()
        ? statement.wrong(name, manifest, rule.sameName()).orElse("")
        : unproven;
  }

  private static String byKey(Signer.Key signer, Statement statement) {
    boolean made =
        signer.keys().stream()
            .anyMatch(key ->
                statement.signatures().stream()
                    .anyMatch(s -> PemKeys.verifies(key, statement.signed(), s)));
    return made ? "" : "not made by " + signer.describe();
  }

  private String byIdentity(Signer.Identity signer, Evidence evidence) {
    return switch (keyless.get().verify(signer.trustRoot(), evidence)) {
      case KeylessVerifier.Refused refused -> refused.why();
      case KeylessVerifier.Certified by -> {
        boolean wanted =
            by.identities().stream().anyMatch(signer.identity()::accepts)
                && signer.issuer().accepts(by.issuer());
        yield wanted
            ? ""
            : "made by identity "
                + String.join(", ", by.identities())
                + " of issuer "
                + by.issuer()
                + ", not by "
                + signer.describe();
      }
    };
  }
}
