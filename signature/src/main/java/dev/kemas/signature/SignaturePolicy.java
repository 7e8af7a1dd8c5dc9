package dev.kemas.signature;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import dev.kemas.signature.SignatureRule.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Whose signature images must have, by registry and repository. The closest rule holds: one for the
 * registry before one for its domain before one for all, and of these the longest. Immutable.
 */
public final class SignaturePolicy {
  /** Signatures are not looked at. */
  public static final SignaturePolicy NONE = new SignaturePolicy(List.of());

  /** The trust root that is no file. */
  private static final String PUBLIC_GOOD = "public-good";

  private static final int MOST_TRUST_ROOT = 16 << 20;

  private final List<SignatureRule> rules;

  private SignaturePolicy(List<SignatureRule> rules) {
    this.rules =
        rules.stream().sorted(Comparator.comparing(SignatureRule::scope, Scope.CLOSEST)).toList();
  }

  /** The rule for an image of this name. */
  public SignatureRule ruleFor(Reference name) {
    return rules.stream()
        .filter(rule -> rule.scope().has(name))
        .findFirst()
        .orElse(SignatureRule.NONE);
  }

  /** All rules, the closest first. */
  public List<SignatureRule> rules() {
    return rules;
  }

  /**
   * Reads a policy and the keys that it names; their paths are relative to its folder. The format
   * is told in docs/signatures.md.
   *
   * @throws Fault.InvalidArgument with file, line and cause
   */
  public static SignaturePolicy read(Path file) {
    Map<String, Located> fields = Located.read(file).object("the policy", Set.of("rules"));
    Located list = fields.get("rules");
    if (list == null) {
      throw new Fault.InvalidArgument("signature policy " + file + ": it has no \"rules\"");
    }
    List<SignatureRule> rules = new ArrayList<>();
    Map<Scope, String> seen = new HashMap<>();
    for (Located item : list.list("\"rules\"")) {
      SignatureRule rule = rule(item, file);
      String before = seen.put(rule.scope(), item.place());
      if (before != null) {
        throw item.wrong("there is another rule for " + rule.scope() + " at " + before);
      }
      rules.add(rule);
    }
    return new SignaturePolicy(rules);
  }

  private static SignatureRule rule(Located item, Path policy) {
    Map<String, Located> fields =
        item.object("a rule", Set.of("images", "action", "signers", "same-name"));
    Located images = required(item, fields, "images");
    Scope scope;
    try {
      scope = Scope.parse(images.text("\"images\""));
    } catch (IllegalArgumentException e) {
      throw images.wrong(String.valueOf(e.getMessage()), e);
    }
    Action action = action(required(item, fields, "action"));
    List<Signer> signers = new ArrayList<>();
    Located list = fields.get("signers");
    if (list != null) {
      list.list("\"signers\"").forEach(signer -> signers.add(signer(signer, policy)));
    }
    if (signers.isEmpty() && action != Action.IGNORE) {
      throw item.wrong("the rule for " + scope + " has no \"signers\": no signature would do");
    }
    Located sameName = fields.get("same-name");
    return new SignatureRule(
        scope,
        action,
        signers,
        sameName != null && sameName.truth("\"same-name\""),
        Optional.of(item.place()));
  }

  private static Located required(Located item, Map<String, Located> fields, String name) {
    Located field = fields.get(name);
    if (field == null) {
      throw item.wrong("a rule without \"" + name + "\"");
    }
    return field;
  }

  private static Action action(Located field) {
    String text = field.text("\"action\"");
    for (Action action : Action.values()) {
      if (action.name().toLowerCase(Locale.ROOT).equals(text)) {
        return action;
      }
    }
    throw field.wrong("unknown action \"" + text + "\": want require, warn or ignore");
  }

  private static Signer signer(Located item, Path policy) {
    Map<String, Located> fields =
        item.object(
            "a signer",
            Set.of(
                "key", "trust-root", "identity", "identity-pattern", "issuer", "issuer-pattern"));
    Located key = fields.get("key");
    if (key == null) {
      return identity(item, fields, policy);
    }
    if (fields.size() > 1) {
      throw item.wrong("a signer is a \"key\" or an \"identity\" with \"issuer\", not both");
    }
    Path file = policy.resolveSibling(key.text("\"key\""));
    try {
      return new Signer.Key(file, PemKeys.read(file));
    } catch (IOException e) {
      throw key.wrong("cannot use the key " + file + ": " + PemKeys.cause(e), e);
    }
  }

  private static Signer identity(Located item, Map<String, Located> fields, Path policy) {
    Located root = fields.get("trust-root");
    if (root == null) {
      throw item.wrong(
          "a signer wants a \"key\", or a \"trust-root\" with \"identity\" and \"issuer\"");
    }
    String text = root.text("\"trust-root\"");
    Optional<Path> file =
        text.equals(PUBLIC_GOOD) ? Optional.empty() : Optional.of(policy.resolveSibling(text));
    file.ifPresent(f -> requireTrustRoot(root, f));
    return new Signer.Identity(
        file, wanted(item, fields, "identity"), wanted(item, fields, "issuer"));
  }

  /** A first look; the whole is read when the first signature by an identity is judged. */
  private static void requireTrustRoot(Located root, Path file) {
    try {
      if (Files.size(file) > MOST_TRUST_ROOT) {
        throw root.wrong(
            "trust root " + file + " has more than the " + MOST_TRUST_ROOT + " bytes allowed");
      }
      String type = mediaType(file);
      if (!type.startsWith("application/vnd.dev.sigstore.trustedroot")) {
        throw root.wrong(
            file + " is no trusted_root.json of sigstore: its mediaType is \"" + type + "\"");
      }
    } catch (IOException e) {
      throw root.wrong("cannot use the trust root " + file + ": " + PemKeys.cause(e), e);
    }
  }

  private static String mediaType(Path file) throws IOException {
    try {
      return Json.read(Files.readAllBytes(file), JsonNode.class, "trust root")
          .path("mediaType")
          .asText("");
    } catch (Fault.InvalidArgument e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static Wanted wanted(Located item, Map<String, Located> fields, String name) {
    Located exact = fields.get(name);
    Located pattern = fields.get(name + "-pattern");
    if ((exact == null) == (pattern == null)) {
      throw item.wrong(
          "a signer with a trust root wants one of \"" + name + "\" and \"" + name + "-pattern\"");
    }
    if (exact != null) {
      return new Wanted.Exactly(exact.text("\"" + name + "\""));
    }
    try {
      return new Wanted.Matching(Pattern.compile(pattern.text("\"" + name + "-pattern\"")));
    } catch (PatternSyntaxException e) {
      throw pattern.wrong("\"" + e.getPattern() + "\": " + e.getDescription(), e);
    }
  }
}
