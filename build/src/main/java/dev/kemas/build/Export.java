package dev.kemas.build;

import dev.kemas.oci.Digest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A place where a finished build goes: the engine's images, a registry, an archive, a folder. One
 * use.
 */
public interface Export {

  /** What it does, as progress has it: {@code exporting to image}. */
  String title();

  /**
   * Takes what was built there, whole or not at all.
   *
   * @return what the client is told of it, such as {@code containerimage.digest}
   */
  Map<String, String> deliver(Delivery delivery);

  /**
   * What there is to take.
   *
   * @param results one for each platform, in the order asked for
   * @param images the engine's images
   * @param workspaces to look at the file systems
   * @param progress of this export
   * @param origin what was asked for, and when
   */
  record Delivery(
      List<Built> results,
      ImageSink images,
      Workspaces.Held workspaces,
      TaskProgress progress,
      Cancellation cancelled,
      Origin origin) {
    public Delivery {
      results = List.copyOf(results);
    }
  }

  /**
   * Where results come from, for whoever tells of it.
   *
   * @param started when the build began
   * @param finished when its last step was done
   * @param scratch a folder of the builder's own for what is only needed for a while; may be
   *     missing
   * @param fetched what came by address
   */
  record Origin(
      BuildRequest request, Instant started, Instant finished, Path scratch, Fetched fetched) {

    /** Of a build that fetched nothing by address. */
    public Origin(BuildRequest request, Instant started, Instant finished, Path scratch) {
      this(request, started, finished, scratch, Fetched.NOTHING);
    }
  }

  /**
   * What steps named by address, as it was found in this build.
   *
   * @param files contents by their addresses
   * @param commits full names by the addresses of repositories, as {@link
   *     dev.kemas.dockerfile.GitAddress#toString} writes them
   */
  record Fetched(Map<String, Digest> files, Map<String, String> commits) {
    /** Nothing. */
    public static final Fetched NOTHING = new Fetched(Map.of(), Map.of());

    public Fetched {
      files = Map.copyOf(files);
      commits = Map.copyOf(commits);
    }
  }
}
