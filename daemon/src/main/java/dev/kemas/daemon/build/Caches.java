package dev.kemas.daemon.build;

import dev.kemas.api.server.BuildBackend;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.CacheSource;
import dev.kemas.build.CacheTarget;
import dev.kemas.build.cache.CacheAttributes;
import dev.kemas.build.cache.TravellingCaches;
import dev.kemas.fault.Fault;
import java.util.List;

/**
 * The caches that a classic build names: Docker's clients have names of images, our own whatever
 * {@code --cache-from} and {@code --cache-to} take.
 */
final class Caches {
  private final TravellingCaches travelling;
  private final Lent lent;

  Caches(TravellingCaches travelling, Lent lent) {
    this.travelling = travelling;
    this.lent = lent;
  }

  /**
   * All of them.
   *
   * @throws Fault.InvalidArgument for what cannot be read
   */
  BuildRequest.Caches of(BuildBackend.More more) {
    return new BuildRequest.Caches(
        more.cacheFrom().stream().map(this::source).toList(),
        more.cacheTo().stream().map(CacheAttributes::parse).map(this::target).toList());
  }

  private CacheSource source(String text) {
    if (!text.contains("=")) {
      return travelling.image(text);
    }
    CacheAttributes said = CacheAttributes.parse(text);
    return said.type().equals("local")
        ? lent.caches(List.of(said.byName()), List.of()).from().getFirst()
        : travelling.source(said);
  }

  private CacheTarget target(CacheAttributes said) {
    return said.type().equals("local")
        ? lent.caches(List.of(), List.of(said.byName())).to().getFirst()
        : travelling.target(said);
  }
}
