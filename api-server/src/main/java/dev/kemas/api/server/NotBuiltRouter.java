package dev.kemas.api.server;

import dev.kemas.api.server.http.RouteTable;
import dev.kemas.fault.Fault;
import java.util.List;

/**
 * The endpoints of the specification that wait for their time: 501, so that a client can tell them
 * from paths that do not exist.
 */
public final class NotBuiltRouter extends Router {
  private static final List<String> ENDPOINTS =
      List.of(
          "GET /containers/{id}/attach/ws",
          "POST /commit",
          "PUT /volumes/{name}",
          "GET /plugins/privileges",
          "POST /plugins/pull",
          "DELETE /plugins/{name*}",
          "POST /plugins/{name*}/enable",
          "POST /plugins/{name*}/disable",
          "POST /plugins/{name*}/upgrade",
          "POST /plugins/create",
          "POST /plugins/{name*}/push",
          "POST /plugins/{name*}/set",
          "GET /nodes",
          "GET /nodes/{id}",
          "DELETE /nodes/{id}",
          "POST /nodes/{id}/update",
          "GET /swarm",
          "POST /swarm/init",
          "POST /swarm/join",
          "POST /swarm/leave",
          "POST /swarm/update",
          "GET /swarm/unlockkey",
          "POST /swarm/unlock",
          "GET /services",
          "POST /services/create",
          "GET /services/{id}",
          "DELETE /services/{id}",
          "POST /services/{id}/update",
          "GET /services/{id}/logs",
          "GET /tasks",
          "GET /tasks/{id}",
          "GET /tasks/{id}/logs",
          "GET /secrets",
          "POST /secrets/create",
          "GET /secrets/{id}",
          "DELETE /secrets/{id}",
          "POST /secrets/{id}/update",
          "GET /configs",
          "POST /configs/create",
          "GET /configs/{id}",
          "DELETE /configs/{id}",
          "POST /configs/{id}/update");

  /** Has no state. */
  public NotBuiltRouter() {}

  @Override
  void addTo(RouteTable routes) {
    for (String endpoint : ENDPOINTS) {
      int space = endpoint.indexOf(' ');
      routes.on(
          endpoint.substring(0, space),
          endpoint.substring(space + 1),
          call -> {
            throw new Fault.Unsupported(endpoint + " is not built yet in this version of Kemas");
          });
    }
  }
}
