package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistryLogin;
import dev.kemas.signature.Evidence;
import dev.kemas.signature.SignatureJudge;
import dev.kemas.signature.SignaturePolicy;
import dev.kemas.signature.SignatureRule;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds pulls against the policy of signatures. Thread-safe. */
final class SignatureCheck {
  private static final Logger LOG = LoggerFactory.getLogger(SignatureCheck.class);

  private final RegistryClient registries;
  private final Supplier<SignaturePolicy> policy;
  private final SignatureJudge judge = new SignatureJudge();

  SignatureCheck(RegistryClient registries, Supplier<SignaturePolicy> policy) {
    this.registries = registries;
    this.policy = policy;
  }

  /**
   * Lets an image through, with a warning where the policy has it so.
   *
   * @param manifest what the name led to, an index or a manifest: signers sign what a name stands
   *     for
   * @throws Fault.Forbidden when a signature is required and none holds
   * @throws Fault.Unavailable when that cannot be found out
   */
  void require(Reference name, Digest manifest, RegistryLogin login, Meter meter) {
    SignatureRule rule = policy.get().ruleFor(name);
    switch (rule.action()) {
      case IGNORE -> {
        return;
      }
      case WARN -> {
        String problem;
        try {
          problem = problem(rule, name, manifest, login, meter);
        } catch (Fault.Cancelled e) {
          throw e;
        } catch (Fault e) {
          problem = "its signatures cannot be checked: " + e.getMessage();
        }
        if (!problem.isEmpty()) {
          LOG.warn("{}@{} is pulled although {}", name.familiar(), manifest, problem);
          meter.say("Warning: " + name.familiar() + ": " + problem);
        }
      }
      case REQUIRE -> {
        String problem;
        try {
          problem = problem(rule, name, manifest, login, meter);
        } catch (Fault.Cancelled e) {
          throw e;
        } catch (Fault e) {
          throw new Fault.Unavailable(
              name.familiar()
                  + " is not pulled: "
                  + by(rule)
                  + " requires a signature, and that cannot be checked: "
                  + e.getMessage(),
              e);
        }
        if (!problem.isEmpty()) {
          LOG.warn("{}@{} is not pulled: {}", name.familiar(), manifest, problem);
          throw new Fault.Forbidden(
              name.familiar()
                  + " is not pulled: "
                  + problem
                  + "; sign "
                  + name.familiarName()
                  + "@"
                  + manifest
                  + " (cosign sign) or change "
                  + by(rule));
        }
      }
    }
  }

  /** Why no signature satisfies the rule; empty where one does. */
  private String problem(
      SignatureRule rule, Reference name, Digest manifest, RegistryLogin login, Meter meter) {
    List<Evidence> evidence = new SignatureSource(registries, name, login).of(manifest);
    return switch (judge.judge(rule, name, manifest, evidence)) {
      case SignatureJudge.Holds holds -> {
        LOG.info("{}@{} is signed by {}", name.familiar(), manifest, holds.by());
        meter.say("Signature: verified, " + holds.by());
        yield "";
      }
      case SignatureJudge.Fails fails ->
          "no signature of "
              + manifest
              + " by "
              + rule.wanted()
              + ", which "
              + by(rule)
              + " wants: "
              + (evidence.isEmpty()
                  ? "there is none at all (looked at " + SignatureSource.places(manifest) + ")"
                  : String.join("; ", fails.why()));
    };
  }

  private static String by(SignatureRule rule) {
    return "the rule for "
        + rule.scope()
        + rule.source().map(source -> " (" + source + ")").orElse("");
  }
}
