package dev.kemas.api.server;

import dev.kemas.api.ConnectRequest;
import dev.kemas.api.DisconnectRequest;
import dev.kemas.api.Filters;
import dev.kemas.api.NetworkCreated;
import dev.kemas.api.NetworkRecord;
import dev.kemas.api.NetworkRequest;
import dev.kemas.api.PruneReport;
import java.util.List;

/** What the endpoints about networks need; a network is meant by name or id. */
public interface NetworksBackend {
  /** Those that match, by name. */
  List<NetworkRecord> list(Filters filters);

  /** All about one, with the containers in it. */
  NetworkRecord inspect(String network);

  /** Makes one. */
  NetworkCreated create(NetworkRequest request);

  /** Takes one away. */
  void remove(String network);

  /** Puts a container into it. */
  void connect(String network, ConnectRequest request);

  /** Takes a container out of it. */
  void disconnect(String network, DisconnectRequest request);

  /** Removes those that no container is in. */
  PruneReport prune(Filters filters);
}
