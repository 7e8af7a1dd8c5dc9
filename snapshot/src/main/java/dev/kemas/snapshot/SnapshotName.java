package dev.kemas.snapshot;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.util.regex.Pattern;

/**
 * The name of a snapshot: a chain id for a committed layer, a container id or a name of the
 * builder's for an active one. All share one name space.
 *
 * @param value 1 to 128 characters of letters, digits and {@code . _ -}, the first one a letter or
 *     digit
 */
public record SnapshotName(String value) implements Comparable<SnapshotName> {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  public SnapshotName {
    if (!FORM.matcher(value).matches()) {
      throw new Fault.InvalidArgument(
          "invalid snapshot name \""
              + value
              + "\": want 1 to 128 letters, digits, '.', '_' or '-', the first a letter or digit");
    }
  }

  /** The name of the layer stack with this chain id ({@link dev.kemas.oci.ChainId}). */
  public static SnapshotName of(Digest chainId) {
    return new SnapshotName(chainId.hex());
  }

  @Override
  public int compareTo(SnapshotName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
