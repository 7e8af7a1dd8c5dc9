package dev.kemas.daemon.container;

import dev.kemas.api.Filters;
import dev.kemas.engine.Container;
import dev.kemas.engine.ContainerState;
import dev.kemas.engine.Engine;
import dev.kemas.fault.Fault;
import dev.kemas.image.Image;
import dev.kemas.image.Images;
import dev.kemas.network.Network;
import dev.kemas.oci.Digest;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which containers a list or a prune means. */
final class ContainerFilter {
  private static final Set<String> STATES =
      Set.of("created", "running", "paused", "restarting", "removing", "exited", "dead");
  private static final Set<String> HEALTH = Set.of("none", "starting", "healthy", "unhealthy");
  private final Filters filters;
  private final Engine engine;
  private final Optional<Instant> before;
  private final Optional<Instant> since;
  private final Set<Digest> ancestors;

  ContainerFilter(Filters filters, Engine engine, Images images) {
    this.filters = filters;
    this.engine = engine;
    requireAll("status", STATES);
    requireAll("health", HEALTH);
    for (String code : filters.get("exited")) {
      if (!code.matches("-?\\d{1,9}")) {
        throw new Fault.InvalidArgument("invalid filter 'exited=" + code + "'");
      }
    }
    filters.flag("is-task");
    this.before = created("before");
    this.since = created("since");
    this.ancestors = ancestors(images);
  }

  private void requireAll(String name, Set<String> known) {
    for (String value : filters.get(name)) {
      if (!known.contains(value)) {
        throw new Fault.InvalidArgument("invalid filter '" + name + "=" + value + "'");
      }
    }
  }

  private Optional<Instant> created(String name) {
    return filters.get(name).stream().findFirst().map(c -> engine.container(c).created());
  }

  /** The images that are meant, and those made on them. */
  private Set<Digest> ancestors(Images images) {
    Set<Digest> all = new HashSet<>();
    for (String name : filters.get("ancestor")) {
      try {
        add(images.get(name), images, all);
      } catch (Fault.NotFound e) {
        all.add(Digest.of(new byte[0])); // no container is of it
      }
    }
    return all;
  }

  private static void add(Image image, Images images, Set<Digest> all) {
    if (all.add(image.id())) {
      images.children(image.id()).forEach(child -> add(child, images, all));
    }
  }

  /** Whether the filters speak of containers that do not run, so that all are looked at. */
  boolean speaksOfEnded() {
    return filters.has("status") || filters.has("exited");
  }

  boolean accepts(Container c) {
    return filters.matches("name", "/" + c.name(), c.name())
        && (filters.get("id").isEmpty() || filters.get("id").stream().anyMatch(c.id()::startsWith))
        && filters.matchesLabels(c.config().labels())
        && filters.allows("status", c.state().word())
        && exited(c.state())
        && (ancestors.isEmpty() || ancestors.contains(c.image()))
        && before.map(c.created()::isBefore).orElse(true)
        && since.map(c.created()::isAfter).orElse(true)
        && volume(c)
        && network(c)
        && port(c)
        && filters.allows("health", health(c))
        && !filters.flag("is-task").orElse(false);
  }

  private boolean exited(ContainerState state) {
    return filters.get("exited").isEmpty()
        || (state instanceof ContainerState.Exited ended
            && filters.get("exited").contains(Integer.toString(ended.exitCode())));
  }

  private String health(Container c) {
    return engine.health(c.id()).map(h -> h.status()).orElse("none");
  }

  private boolean volume(Container c) {
    Set<String> wanted = filters.get("volume");
    return wanted.isEmpty()
        || c.mounts().stream()
            .anyMatch(m -> wanted.contains(m.name()) || wanted.contains(m.destination()));
  }

  private boolean network(Container c) {
    Set<String> wanted = filters.get("network");
    if (wanted.isEmpty()) {
      return true;
    }
    Set<String> joined =
        ContainerRecords.networks(c, engine.sandbox(c.id())).entrySet().stream()
            .flatMap(e -> List.of(e.getKey(), e.getValue().networkId()).stream())
            .collect(Collectors.toSet());
    return wanted.stream()
        .anyMatch(
            w -> joined.contains(w) || (w.equals(Network.BRIDGE) && joined.contains("default")));
  }

  private boolean port(Container c) {
    Set<String> publish = filters.get("publish");
    Set<String> expose = filters.get("expose");
    Set<String> published = c.host().portBindings().keySet();
    Set<String> exposed = c.config().exposedPorts().keySet();
    return (publish.isEmpty() || publish.stream().anyMatch(p -> within(p, published)))
        && (expose.isEmpty() || expose.stream().anyMatch(p -> within(p, exposed)));
  }

  /** {@code 80}, {@code 80/tcp}, {@code 8000-8080/tcp}. */
  private static boolean within(String wanted, Set<String> ports) {
    String[] parts = wanted.split("/", 2);
    String[] range = parts[0].split("-", 2);
    String protocol = parts.length > 1 ? parts[1] : "tcp";
    try {
      int first = Integer.parseInt(range[0]);
      int last = range.length > 1 ? Integer.parseInt(range[1]) : first;
      for (int port = first; port <= last && port <= 65535; port++) {
        if (ports.contains(port + "/" + protocol)) {
          return true;
        }
      }
      return false;
    } catch (NumberFormatException e) {
      throw new Fault.InvalidArgument("invalid filter: \"" + wanted + "\" is no port", e);
    }
  }
}
