package dev.kemas.build.plan;

import dev.kemas.fault.Fault;

/**
 * Counts what grows faster than a Dockerfile: each stage holds all that the stages below it say,
 * each RUN all variables, and variables hold variables. Beyond what fits into a small heap it is an
 * error. One thread.
 */
final class PlanBounds {
  /** In entries of a list. */
  private static final long MOST_CARRIED = 4_000_000;

  /** What an entry of a map costs beside one of a list. */
  private static final int ENTRY = 10;

  /** Of a RUN, a variable is in its operation and, twice, among the facts that explain it. */
  private static final int VARIABLE = 20;

  private static final long MOST_TEXT = 16 << 20;

  private long carried;
  private long text;

  /** A stage that others may be built upon. */
  void stage(StageState state) {
    long entries = (long) state.labels.size() + state.ports.size() + state.volumes.size();
    carry(
        state.environment.size()
            + state.history.size()
            + state.onBuild.size()
            + ENTRY * (entries + state.arguments.size()));
  }

  /** A RUN with so many variables. */
  void run(int variables) {
    carry((long) VARIABLE * variables);
  }

  private void carry(long more) {
    carried += more;
    if (carried > MOST_CARRIED) {
      throw new Fault.InvalidArgument(
          "the Dockerfile is too large to be planned: its stages and RUNs hold more variables,"
              + " labels and steps of those before them than fit into memory; use fewer stages or"
              + " variables");
    }
  }

  /** Text that variables made, or that goes into the history. */
  void text(String made) {
    text += made.length();
    if (text > MOST_TEXT) {
      throw new Fault.InvalidArgument(
          "the Dockerfile is too large to be planned: with its variables expanded it has more than"
              + " %d characters".formatted(MOST_TEXT));
    }
  }
}
