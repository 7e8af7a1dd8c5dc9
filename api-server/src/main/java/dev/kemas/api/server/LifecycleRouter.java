package dev.kemas.api.server;

import dev.kemas.api.ApiJson;
import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.RouteTable;
import java.io.IOException;
import java.io.OutputStream;

/** {@code start stop restart kill pause unpause wait}. */
public final class LifecycleRouter extends Router {
  private final LifecycleBackend backend;

  public LifecycleRouter(LifecycleBackend backend) {
    this.backend = backend;
  }

  @Override
  void addTo(RouteTable routes) {
    routes
        .on("POST", "/containers/{id}/start", call -> done(call, () -> backend.start(id(call))))
        .on("POST", "/containers/{id}/stop", this::stop)
        .on("POST", "/containers/{id}/restart", this::restart)
        .on("POST", "/containers/{id}/kill", this::kill)
        .on("POST", "/containers/{id}/pause", call -> done(call, () -> backend.pause(id(call))))
        .on("POST", "/containers/{id}/unpause", call -> done(call, () -> backend.unpause(id(call))))
        .on("POST", "/containers/{id}/wait", this::await);
  }

  private static String id(Call call) {
    return call.variable("id");
  }

  private static void done(Call call, Runnable action) throws IOException {
    action.run();
    call.status(204);
  }

  private void stop(Call call) throws IOException {
    backend.stop(id(call), call.query().value("signal"), call.query().integer("t"));
    call.status(204);
  }

  private void restart(Call call) throws IOException {
    backend.restart(id(call), call.query().value("signal"), call.query().integer("t"));
    call.status(204);
  }

  private void kill(Call call) throws IOException {
    backend.kill(id(call), call.query().value("signal").orElse("SIGKILL"));
    call.status(204);
  }

  /**
   * The headers go out as soon as the wait has begun: a client starts the container only then, and
   * would miss the end of one that is quick.
   */
  private void await(Call call) throws Exception {
    LifecycleBackend.Condition condition =
        LifecycleBackend.Condition.parse(call.query().text("condition"));
    try (LifecycleBackend.Waiting waiting = backend.waitFor(id(call), condition)) {
      call.watchClient().whenGone(waiting::close);
      OutputStream out = call.stream("application/json");
      out.write(ApiJson.write(waiting.await()));
      out.write('\n');
    } catch (InterruptedException e) {
      // nobody listens any more: there is nothing to answer
      Thread.currentThread().interrupt();
    }
  }
}
