package dev.kemas.daemon.image;

import dev.kemas.api.AuthAnswer;
import dev.kemas.api.DistributionInspect;
import dev.kemas.api.Filters;
import dev.kemas.api.RegistryLogin;
import dev.kemas.api.SearchItem;
import dev.kemas.api.server.RegistryBackend;
import dev.kemas.fault.Fault;
import dev.kemas.image.RemoteImages;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.SearchResult;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Questions to registries. */
public final class RegistryAdapter implements RegistryBackend {
  private final RemoteImages remote;

  public RegistryAdapter(RemoteImages remote) {
    this.remote = remote;
  }

  @Override
  public AuthAnswer auth(RegistryLogin login) {
    return new AuthAnswer(
        "Login Succeeded", remote.login(login.serveraddress(), Logins.of(login)).orElse(""));
  }

  @Override
  public DistributionInspect distribution(String name, RegistryLogin login) {
    RemoteImages.Found found = remote.inspect(Reference.parse(name), Logins.of(login));
    return new DistributionInspect(found.descriptor(), found.platforms());
  }

  @Override
  public List<SearchItem> search(String term, int limit, Filters filters, RegistryLogin login) {
    Predicate<SearchResult> wanted =
        is(filters, "is-official", SearchResult::official)
            .and(is(filters, "is-automated", SearchResult::automated));
    int stars = filters.get("stars").stream().mapToInt(RegistryAdapter::stars).max().orElse(0);
    return remote.search(term, limit, Logins.of(login)).stream()
        .filter(wanted)
        .filter(found -> found.stars() >= stars)
        .map(found ->
            new SearchItem(
                found.name(),
                found.description(),
                found.stars(),
                found.official(),
                found.automated()))
        .toList();
  }

  private static Predicate<SearchResult> is(
      Filters filters, String name, Predicate<SearchResult> property) {
    Set<String> values = filters.get(name);
    for (String value : values) {
      if (!value.equals("true")
          && !value.equals("false")
          && !value.equals("1")
          && !value.equals("0")) {
        throw new Fault.InvalidArgument("invalid filter '" + name + "=[" + value + "]'");
      }
    }
    if (values.isEmpty()) {
      return found -> true;
    }
    boolean wanted = values.contains("true") || values.contains("1");
    return found -> property.test(found) == wanted;
  }

  private static int stars(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new Fault.InvalidArgument("invalid filter 'stars=[" + text + "]'", e);
    }
  }
}
