package dev.kemas.daemon.network;

import dev.kemas.api.ConnectRequest;
import dev.kemas.api.DisconnectRequest;
import dev.kemas.api.Filters;
import dev.kemas.api.NetworkCreated;
import dev.kemas.api.NetworkRecord;
import dev.kemas.api.NetworkRequest;
import dev.kemas.api.PruneReport;
import dev.kemas.api.Timestamps;
import dev.kemas.api.server.NetworksBackend;
import dev.kemas.container.NetworkingConfig.EndpointRequest;
import dev.kemas.engine.Events;
import dev.kemas.fault.Fault;
import dev.kemas.network.Network;
import dev.kemas.network.Networks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Networks as objects. */
public final class NetworksAdapter implements NetworksBackend {
  private static final Logger LOG = LoggerFactory.getLogger(NetworksAdapter.class);
  private final Networks networks;
  private final Members members;
  private final Events events;

  /** Who knows containers, running or not. */
  public interface Members {
    /** Puts a container into a network. */
    void connect(String network, String container, EndpointRequest endpoint);

    /** Takes it out. */
    void disconnect(String network, String container, boolean force);
  }

  public NetworksAdapter(Networks networks, Members members, Events events) {
    this.networks = networks;
    this.members = members;
    this.events = events;
  }

  @Override
  public List<NetworkRecord> list(Filters filters) {
    Optional<Boolean> dangling = filters.flag("dangling");
    List<Network> unused = dangling.isPresent() ? networks.unused() : List.of();
    return networks.list().stream()
        .filter(n -> filters.matches("name", n.name()))
        .filter(n -> filters.matches("id", n.id()))
        .filter(n -> filters.allows("driver", n.driver()))
        .filter(n -> filters.allows("scope", "local"))
        .filter(n -> filters.allows("type", n.predefined() ? "builtin" : "custom"))
        .filter(n -> filters.matchesLabels(n.labels()))
        .filter(n -> dangling.isEmpty() || dangling.get() == unused.contains(n))
        .map(n -> NetworkRecords.record(n, List.of()))
        .toList();
  }

  @Override
  public NetworkRecord inspect(String network) {
    Network found = networks.get(network);
    return NetworkRecords.record(found, networks.connected(found.id()));
  }

  @Override
  public NetworkCreated create(NetworkRequest request) {
    if (request.ingress() || request.configOnly() || request.scope().equals("swarm")) {
      throw new Fault.Unsupported("networks of a swarm are not built");
    }
    Network made = networks.create(NetworkRecords.spec(request));
    tell("create", made);
    return new NetworkCreated(made.id(), "");
  }

  @Override
  public void remove(String network) {
    tell("destroy", networks.remove(network));
  }

  private Network tell(String action, Network network) {
    events.tell(
        "network", action, network.id(), Map.of("name", network.name(), "type", network.driver()));
    return network;
  }

  @Override
  public void connect(String network, ConnectRequest request) {
    members.connect(
        network, request.container(), request.endpointConfig().orElse(EndpointRequest.DEFAULT));
  }

  @Override
  public void disconnect(String network, DisconnectRequest request) {
    members.disconnect(network, request.container(), request.force());
  }

  @Override
  public PruneReport prune(Filters filters) {
    Instant now = Instant.now();
    Optional<Instant> until =
        filters.get("until").stream().findFirst().map(t -> Timestamps.parse("until", t, now));
    List<String> removed = new ArrayList<>();
    for (Network network : networks.unused()) {
      if (filters.matchesLabels(network.labels())
          && until.map(network.created()::isBefore).orElse(true)) {
        try {
          removed.add(tell("destroy", networks.remove(network.id())).name());
        } catch (Fault.NotFound | Fault.Forbidden e) {
          LOG.debug("network {} was not pruned: {}", network.name(), e.getMessage());
        }
      }
    }
    return PruneReport.networks(removed);
  }
}
