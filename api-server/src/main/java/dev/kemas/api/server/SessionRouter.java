package dev.kemas.api.server;

import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.RouteTable;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.GrpcConnections;
import java.io.IOException;

/** {@code /grpc} and {@code /session}: connections that become HTTP/2, in either direction. */
public final class SessionRouter extends Router {
  private static final String PROTOCOL = "h2c";
  private static final String PREFIX = "X-Docker-Expose-Session-";
  private final SessionBackend backend;

  public SessionRouter(SessionBackend backend) {
    this.backend = backend;
  }

  @Override
  void addTo(RouteTable routes) {
    routes.on("POST", "/grpc", this::grpc).on("POST", "/session", this::session);
  }

  private void grpc(Call call) throws IOException {
    require(call);
    call.upgrade(
        PROTOCOL, (connector, end) -> GrpcConnections.serving(connector, end, backend.services()));
  }

  private void session(Call call) throws IOException {
    require(call);
    SessionBackend.Hello hello =
        new SessionBackend.Hello(
            call.header(PREFIX + "Uuid")
                .filter(id -> !id.isBlank())
                .orElseThrow(
                    () -> new Fault.InvalidArgument("the header " + PREFIX + "Uuid is missing")),
            call.header(PREFIX + "Name").orElse(""),
            call.header(PREFIX + "Sharedkey").orElse(""),
            call.headers(PREFIX + "Grpc-Method"));
    call.upgrade(
        PROTOCOL,
        (connector, end) ->
            GrpcConnections.calling(connector, end, client -> backend.session(hello, client)));
  }

  private static void require(Call call) {
    String asked = call.header("Upgrade").orElse("");
    if (!asked.equalsIgnoreCase(PROTOCOL)) {
      throw new Fault.InvalidArgument(
          asked.isEmpty()
              ? "the connection must be upgraded to " + PROTOCOL
              : "protocol " + asked + " not supported: upgrade to " + PROTOCOL);
    }
  }
}
