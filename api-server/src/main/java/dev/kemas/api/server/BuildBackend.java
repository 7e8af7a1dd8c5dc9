package dev.kemas.api.server;

import dev.kemas.api.Filters;
import dev.kemas.api.PruneReport;
import dev.kemas.api.RegistryLogin;
import dev.kemas.container.Resources;
import dev.kemas.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What the classic build endpoint needs. */
public interface BuildBackend {
  /**
   * What shall be built.
   *
   * @param dockerfile path in the context
   * @param tags references for the image
   * @param buildArgs absent values are not passed on
   * @param target a stage; empty: the last
   * @param noCache run every step
   * @param pull look for newer base images
   * @param networkMode of RUN steps; empty: the default
   * @param platforms of the image; none: this machine's
   * @param remote address of the context; empty: it is the body
   * @param quiet only the id at the end
   * @param extraHosts {@code name:address}
   * @param resources limits of RUN steps
   * @param shmSize bytes of /dev/shm in RUN steps; absent: the daemon's default
   * @param logins credentials by registry
   * @param more what Docker's own endpoint does not know
   */
  record Request(
      String dockerfile,
      List<String> tags,
      Map<String, Optional<String>> buildArgs,
      Map<String, String> labels,
      String target,
      boolean noCache,
      boolean pull,
      String networkMode,
      List<Platform> platforms,
      String remote,
      boolean quiet,
      List<String> extraHosts,
      Resources resources,
      OptionalLong shmSize,
      Map<String, RegistryLogin> logins,
      More more) {}

  /**
   * What {@code kemas build} asks besides. Stock clients send none of it.
   *
   * @param question {@code check}, {@code outline} or {@code targets}: is answered in place of a
   *     build; empty: none
   * @param noCacheStages names or numbers of stages whose steps are run anew
   * @param allowed names of entitlements
   * @param explained whether the answer says why each step ran
   * @param project what tells builds of the same thing from others; empty: the first tag
   * @param contexts further contexts by name: {@code docker-image://} addresses, or {@code local:}
   *     and the name under which the session lends a folder
   * @param attested what is attached, as BuildKit's clients have it: {@code attest:sbom} and so on
   * @param session of the client, which lends what the build asks for; empty: none
   * @param lent whether the session lends the context, too, and no body comes
   * @param dockerfileInBody whether the body is an archive with the Dockerfile, for a context that
   *     has an address
   * @param outputs where the result goes: {@code type} and perhaps {@code name}; none: into the
   *     engine's images
   * @param cacheFrom where results of other builds are looked for: names of images, or {@code
   *     type=...} as {@code --cache-from} has it; stock clients send names
   * @param cacheTo where results are left for other builds, as {@code --cache-to} has it
   * @param onError {@code shell}: one is opened at the session's terminal in a RUN that fails;
   *     empty: nothing
   */
  record More(
      String question,
      Set<String> noCacheStages,
      List<String> allowed,
      boolean explained,
      String project,
      Map<String, String> contexts,
      Map<String, String> attested,
      String session,
      boolean lent,
      boolean dockerfileInBody,
      List<Map<String, String>> outputs,
      List<String> cacheFrom,
      List<String> cacheTo,
      String onError) {
    public More {
      outputs = List.copyOf(outputs);
      cacheFrom = List.copyOf(cacheFrom);
      cacheTo = List.copyOf(cacheTo);
      noCacheStages = Set.copyOf(noCacheStages);
      allowed = List.copyOf(allowed);
      contexts = Map.copyOf(contexts);
      attested = Map.copyOf(attested);
    }
  }

  /**
   * Builds. Output, the id and the error come as progress.
   *
   * @param context a tar archive, compressed or not; read to its end
   */
  void build(Request request, InputStream context, Progress progress) throws IOException;

  /**
   * What of the cache shall go.
   *
   * @param all what images share, too
   * @param reservedSpace bytes that stay in any case; 0: none
   * @param maxUsedSpace bytes that may stay at most; 0: as many as the others let
   * @param minFreeSpace bytes that the disk shall have free; 0: whatever it has
   */
  record Pruning(
      Filters filters, boolean all, long reservedSpace, long maxUsedSpace, long minFreeSpace) {}

  /** Removes from the cache. */
  PruneReport prune(Pruning pruning);
}
