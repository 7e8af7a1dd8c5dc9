package dev.kemas.build;

import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Reference;
import java.util.List;

/** Takes the finished image. Called from several threads at once. */
public interface Images {

  /** Whether an image of that id is here and whole. */
  boolean has(Digest id);

  /**
   * Stores an image; it becomes visible by this alone, without a name.
   *
   * @param layers lowest first, as the configuration has their diff ids
   * @return its id
   */
  Digest store(ImageConfig config, List<Descriptor> layers);

  /** Gives an image a name, taking it from another one that has it. */
  void tag(Reference name, Digest id);
}
