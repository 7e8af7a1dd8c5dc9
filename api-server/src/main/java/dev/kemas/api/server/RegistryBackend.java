package dev.kemas.api.server;

import dev.kemas.api.AuthAnswer;
import dev.kemas.api.DistributionInspect;
import dev.kemas.api.Filters;
import dev.kemas.api.RegistryLogin;
import dev.kemas.api.SearchItem;
import java.util.List;

/** What the endpoints that only ask registries need. */
public interface RegistryBackend {
  /**
   * Asks a registry whether it knows somebody.
   *
   * @throws dev.kemas.fault.Fault.Unauthenticated when it does not
   */
  AuthAnswer auth(RegistryLogin login);

  /** What a registry has under a name. */
  DistributionInspect distribution(String name, RegistryLogin login);

  /** Repositories that match. */
  List<SearchItem> search(String term, int limit, Filters filters, RegistryLogin login);
}
