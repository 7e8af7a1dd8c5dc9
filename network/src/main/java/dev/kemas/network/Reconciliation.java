package dev.kemas.network;

import java.util.List;
import java.util.Set;

/**
 * What start-up found and did.
 *
 * @param kept sandboxes that are as recorded, or could be repaired
 * @param lost sandboxes that were expected to live but whose namespace is gone (after a reboot);
 *     their records are removed, their addresses free
 * @param repaired one line for each thing that was put right, for the log
 */
public record Reconciliation(Set<String> kept, Set<String> lost, List<String> repaired) {
  public Reconciliation {
    kept = Set.copyOf(kept);
    lost = Set.copyOf(lost);
    repaired = List.copyOf(repaired);
  }
}
