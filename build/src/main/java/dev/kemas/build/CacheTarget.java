package dev.kemas.build;

import dev.kemas.image.NewImage;
import dev.kemas.oci.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A place where a build leaves its results for other machines: {@code --cache-to}. One use. */
public interface CacheTarget {

  /** What it does, as progress has it: {@code exporting cache to registry}. */
  String title();

  /** What goes into the image itself, before that is exported; the same image for nothing. */
  default NewImage into(NewImage image, List<Step> steps) {
    return image;
  }

  /**
   * Leaves there what the build knows.
   *
   * @return what the client is told of it, as it is told of exports
   * @throws dev.kemas.fault.Fault.Unavailable when the place cannot be reached
   */
  Map<String, String> deliver(Delivery delivery);

  /**
   * A step that a build did or found done.
   *
   * @param parent the chain id of what its layer lies upon; empty for nothing
   */
  record Step(Digest key, CacheIndex.Entry entry, Optional<Digest> parent) {}

  /** The cache mounts of a build. */
  interface Mounts {
    /** Those that its steps have, also steps whose results were known, and that may be left. */
    List<TravellingMount> used();

    /**
     * Lends one, as a step would have it; empty when it is not on this machine.
     *
     * @throws dev.kemas.fault.Fault.Cancelled when the build is over before it is free
     */
    Optional<CacheMounts.Lease> take(TravellingMount mount, Cancellation cancelled);
  }

  /**
   * What there is to leave.
   *
   * @param steps of all stages that the build went through, by their keys
   * @param mounts what steps had mounted
   */
  record Delivery(
      List<Built> results,
      List<Step> steps,
      Mounts mounts,
      BuildRequest.Logins logins,
      TaskProgress progress,
      Cancellation cancelled) {
    public Delivery {
      results = List.copyOf(results);
      steps = List.copyOf(steps);
    }
  }
}
