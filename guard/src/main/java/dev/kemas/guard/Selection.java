package dev.kemas.guard;

import dev.kemas.dockerfile.Directives;
import java.util.HashSet;
import java.util.Set;

/**
 * Which rules are looked at.
 *
 * @param skipped names turned off; {@code all} means each; names of other checks may be among them
 * @param wanted names turned on that are off by themselves
 */
public record Selection(Set<String> skipped, Set<String> wanted) {
  /** What holds when nobody chooses. */
  public static final Selection DEFAULT = new Selection(Set.of(), Set.of());

  public Selection {
    skipped = Set.copyOf(skipped);
    wanted = Set.copyOf(wanted);
  }

  /** With what the Dockerfile's {@code # check=skip=} turns off besides. */
  public Selection and(Directives directives) {
    Set<String> all = new HashSet<>(skipped);
    all.addAll(directives.skippedChecks());
    return new Selection(all, wanted);
  }

  /** Whether the rule is looked at; being turned off weighs more than being wanted. */
  public boolean has(Rule rule) {
    boolean off = skipped.contains("all") || skipped.contains(rule.id());
    return !off && (rule.isOnByDefault() || wanted.contains(rule.id()));
  }
}
