package dev.kemas.engine;

import java.security.SecureRandom;

/** Names for containers that get none: a trait, and something found in a harbour. */
final class RandomNames {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String[] TRAITS = {
    "able", "amber", "bold", "brave", "brisk", "calm", "clear", "clever", "cosy", "crisp", "eager",
    "early", "fair", "fleet", "fond", "fresh", "gentle", "glad", "golden", "grand", "happy",
    "hardy", "honest", "jolly", "keen", "kind", "light", "lively", "loyal", "lucky", "merry",
    "mild", "neat", "nimble", "noble", "patient", "plain", "polite", "proud", "quick", "quiet",
    "ready", "robust", "rosy", "sharp", "silent", "smart", "smooth", "solid", "spry", "steady",
    "stout", "sunny", "swift", "tidy", "trim", "trusty", "upbeat", "vivid", "warm", "wise", "witty",
    "young", "zesty"
  };
  private static final String[] THINGS = {
    "anchor", "ballast", "barge", "bay", "beacon", "berth", "boom", "bow", "breeze", "bridge",
    "buoy", "cabin", "canal", "cargo", "chart", "clipper", "coast", "compass", "cove", "crane",
    "crate", "crew", "deck", "dock", "dory", "ferry", "fleet", "galley", "gull", "hatch", "haven",
    "hawser", "helm", "hoist", "hull", "jetty", "junk", "keel", "ketch", "lagoon", "lantern",
    "lock", "mast", "mole", "moor", "oar", "pallet", "pier", "pilot", "prow", "quay", "raft",
    "reef", "rigging", "rudder", "sail", "sextant", "skiff", "sloop", "tide", "tiller", "tug",
    "wharf", "winch"
  };

  private RandomNames() {}

  /**
   * @param attempt how many names were taken already; later ones get a number
   */
  static String next(int attempt) {
    String name =
        TRAITS[RANDOM.nextInt(TRAITS.length)] + "_" + THINGS[RANDOM.nextInt(THINGS.length)];
    return attempt == 0 ? name : name + RANDOM.nextInt(10_000);
  }
}
