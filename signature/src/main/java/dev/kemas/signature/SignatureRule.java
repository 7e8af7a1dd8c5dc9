package dev.kemas.signature;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What holds for the images of some repositories.
 *
 * @param scope which repositories
 * @param action what an image without a signature that holds comes to
 * @param signers any of them suffices; at least one unless the action is to ignore
 * @param sameName whether the signature must name the repository that is pulled from
 * @param source file and line of the rule, for people; empty for the rule that is there by default
 */
public record SignatureRule(
    Scope scope, Action action, List<Signer> signers, boolean sameName, Optional<String> source) {

  /** What is done about an image without a signature that holds. */
  public enum Action {
    /** It is not pulled. */
    REQUIRE,
    /** It is pulled, and people are told. */
    WARN,
    /** It is pulled; signatures are not looked at. */
    IGNORE
  }

  /** The rule for what no other rule speaks of. */
  static final SignatureRule NONE =
      new SignatureRule(Scope.ALL, Action.IGNORE, List.of(), false, Optional.empty());

  public SignatureRule {
    signers = List.copyOf(signers);
  }

  /** Whose signature is wanted, for people. */
  public String wanted() {
    return signers.stream().map(Signer::describe).collect(Collectors.joining(" or "))
        + (sameName ? ", made for this name" : "");
  }
}
