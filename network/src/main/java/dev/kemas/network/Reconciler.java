package dev.kemas.network;

import dev.kemas.netlink.LinkAddress;
import dev.kemas.netlink.LinkInfo;
import dev.kemas.netlink.LinkRequest;
import dev.kemas.network.NetworkCatalog.Known;
import dev.kemas.network.StoredSandbox.StoredEndpoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the kernel in line with the records at start-up. What no record knows is removed if its
 * name says that this instance made it.
 */
final class Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  private final NetworkSettings settings;
  private final Parts parts;
  private final SandboxBook book;
  private final HostKernel kernel;
  private final List<String> repaired = new ArrayList<>();
  private final Set<String> kept = new HashSet<>();
  private final Set<String> lost = new HashSet<>();
  private final Set<String> knownNamespaces = new HashSet<>();
  private final Set<String> knownLinks = new HashSet<>();

  Reconciler(NetworkSettings settings, Parts parts, SandboxBook book) {
    this.settings = settings;
    this.parts = parts;
    this.book = book;
    this.kernel = parts.kernel();
  }

  /**
   * @param sandboxes all that are recorded
   * @param spares the records of spares
   */
  Reconciliation run(
      List<StoredSandbox> sandboxes, List<NetworkRecords.Entry> spares, Set<String> live) {
    List<StoredSandbox> dead = new ArrayList<>();
    for (StoredSandbox s : sandboxes) {
      boolean there = s.namespace().isEmpty() || kernel.namespaceExists(s.namespace());
      if (live.contains(s.id()) && there) {
        book.load(s);
        kept.add(s.id());
      } else {
        dead.add(s);
        if (live.contains(s.id())) {
          lost.add(s.id());
        }
      }
    }
    live.stream().filter(id -> !kept.contains(id)).forEach(lost::add);
    boolean defaultInUse =
        parts.catalog().byName(Network.BRIDGE).map(k -> book.inUse(k.network())).orElse(false);
    parts.catalog().makePredefined(defaultInUse);
    List<Known> bridges = parts.catalog().all().stream().filter(Known::wired).toList();
    if (!bridges.isEmpty()) {
      repaired.addAll(parts.forwarding().ipv4());
      if (bridges.stream().anyMatch(k -> k.network().ipv6())) {
        repaired.addAll(parts.forwarding().ipv6());
      }
      parts.rules().install(bridges.stream().map(Known::rule).toList(), book.rules());
      ensure(bridges);
    }
    mendSandboxes();
    removeDead(dead);
    removeSpares(spares);
    removeUnknown();
    parts.catalog().byName(Network.BRIDGE).filter(Known::wired).ifPresent(parts.spares()::start);
    repaired.forEach(line -> LOG.info("network start-up: {}", line));
    return new Reconciliation(kept, lost, repaired);
  }

  private void ensure(List<Known> bridges) {
    List<LinkInfo> links = kernel.links();
    List<LinkAddress> addresses = kernel.addresses();
    for (Known known : bridges) {
      knownLinks.add(known.network().bridge());
      parts.catalog().ensureBridge(known, links, addresses).ifPresent(repaired::add);
    }
  }

  private void mendSandboxes() {
    Map<String, LinkInfo> links =
        kernel.links().stream().collect(Collectors.toMap(LinkInfo::name, Function.identity()));
    for (StoredSandbox s : book.all()) {
      remember(s);
      try {
        if (book.mend(s.id(), links)) {
          repaired.add("mended the links of " + s.container().name());
        }
      } catch (RuntimeException e) {
        LOG.error("the network of {} could not be mended", s.container().name(), e);
        repaired.add("could not mend " + s.container().name() + ": " + e.getMessage());
      }
    }
  }

  private void remember(StoredSandbox s) {
    knownNamespaces.add(s.namespace());
    s.endpoints().stream().filter(StoredEndpoint::wired).forEach(e -> knownLinks.add(e.hostLink()));
  }

  private void removeDead(List<StoredSandbox> dead) {
    for (StoredSandbox s : dead) {
      remember(s);
      book.remove(withAddressesKept(s));
      repaired.add("removed the network of " + s.container().name());
    }
  }

  private void removeSpares(List<NetworkRecords.Entry> spares) {
    for (NetworkRecords.Entry entry : spares) {
      if (knownNamespaces.contains(entry.id())) {
        // it became a container's, and only the second record was lost
        kernel.delete(SparePool.KIND, entry.id());
      } else {
        StoredSandbox spare = StoredSandbox.read(entry);
        remember(spare);
        book.removeSpare(withAddressesKept(spare));
      }
    }
  }

  /**
   * The record with the addresses that nobody live has; they are taken until it is removed, for as
   * long its links answer to them.
   */
  private StoredSandbox withAddressesKept(StoredSandbox s) {
    List<StoredEndpoint> endpoints = new ArrayList<>();
    for (StoredEndpoint e : s.endpoints()) {
      Optional<Known> known = parts.catalog().byId(e.network());
      endpoints.add(e.withAddresses(known.map(k -> k.takeFree(e.addresses())).orElse(List.of())));
    }
    return s.withEndpoints(endpoints);
  }

  private void removeUnknown() {
    for (String namespace : kernel.namespaces()) {
      if (!knownNamespaces.contains(namespace)) {
        parts.teardown().later(new Teardown.Item(namespace, List.of(), () -> {}));
        repaired.add("removed the unknown network namespace " + namespace);
      }
    }
    Pattern ours = Ids.links(settings.instance());
    List<LinkRequest.Delete> unknown = new ArrayList<>();
    for (LinkInfo link : kernel.links()) {
      if (ours.matcher(link.name()).matches() && !knownLinks.contains(link.name())) {
        unknown.add(new LinkRequest.Delete(link.name()));
        repaired.add("removed the unknown link " + link.name());
      }
    }
    if (!unknown.isEmpty()) {
      kernel.attempt(unknown);
    }
  }
}
