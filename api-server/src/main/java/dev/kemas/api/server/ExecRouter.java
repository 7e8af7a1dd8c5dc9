package dev.kemas.api.server;

import dev.kemas.api.ExecInspect;
import dev.kemas.api.ExecRequest;
import dev.kemas.api.ExecStart;
import dev.kemas.api.IdAnswer;
import dev.kemas.api.StreamType;
import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.RouteTable;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Commands in running containers: create, start, inspect, resize. */
public final class ExecRouter extends Router {
  private final ExecBackend backend;

  public ExecRouter(ExecBackend backend) {
    this.backend = backend;
  }

  @Override
  void addTo(RouteTable routes) {
    routes
        .on("POST", "/containers/{id}/exec", this::create)
        .on("POST", "/exec/{id}/start", this::start)
        .on("POST", "/exec/{id}/resize", this::resize)
        .on("GET", "/exec/{id}/json", call -> call.json(backend.inspect(id(call))));
  }

  private static String id(Call call) {
    return call.variable("id");
  }

  private void create(Call call) throws IOException {
    ExecRequest request = call.body(ExecRequest.class);
    if (request.cmd().isEmpty()) {
      throw new Fault.InvalidArgument("no exec command specified");
    }
    DetachKeys.parse(request.detachKeys());
    call.json(201, new IdAnswer(backend.create(id(call), request)));
  }

  private void start(Call call) throws IOException {
    ExecStart start = call.bodyIfAny(ExecStart.class).orElse(ExecStart.PLAIN);
    if (start.detach()) {
      backend.startDetached(id(call), start);
      call.status(200);
      return;
    }
    ExecInspect exec = backend.inspect(id(call));
    Attachment attachment;
    try {
      attachment = backend.start(id(call), start);
    } catch (Fault.InvalidArgument e) {
      // clients print what comes on the stream and take the exit code from the inspection
      call.takeOver(!exec.processConfig().tty(), stream -> complain(stream, exec, e));
      return;
    }
    call.takeOver(
        !attachment.terminal(), new Interaction(attachment, DetachKeys.parse(exec.detachKeys())));
  }

  private static void complain(
      dev.kemas.api.server.http.RawStream stream, ExecInspect exec, Fault fault)
      throws IOException {
    byte[] text = (fault.getMessage() + "\r\n").getBytes(StandardCharsets.UTF_8);
    Frames.to(stream, exec.processConfig().tty()).accept(StreamType.STDOUT, ByteBuffer.wrap(text));
  }

  private void resize(Call call) throws IOException {
    backend.resize(
        id(call), StreamsRouter.size(call.query(), "h"), StreamsRouter.size(call.query(), "w"));
    call.status(200);
  }
}
