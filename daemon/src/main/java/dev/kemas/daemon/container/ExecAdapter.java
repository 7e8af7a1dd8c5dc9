package dev.kemas.daemon.container;

import dev.kemas.api.ExecInspect;
import dev.kemas.api.ExecRequest;
import dev.kemas.api.ExecStart;
import dev.kemas.api.server.Attachment;
import dev.kemas.api.server.ExecBackend;
import dev.kemas.engine.Engine;
import dev.kemas.engine.Execs;
import java.util.List;

/** Commands in running containers. */
public final class ExecAdapter implements ExecBackend {
  private final Engine engine;

  public ExecAdapter(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String create(String container, ExecRequest request) {
    return engine
        .execs()
        .create(
            container,
            new Execs.Request(
                request.cmd(),
                request.env(),
                request.user(),
                request.workingDir(),
                request.tty(),
                request.privileged(),
                request.attachStdin(),
                request.attachStdout(),
                request.attachStderr(),
                request.detachKeys()))
        .id();
  }

  @Override
  public Attachment start(String exec, ExecStart start) {
    Execs.Exec known = engine.execs().get(exec);
    Execs.Started started = engine.execs().start(exec);
    List<Integer> size = start.consoleSize();
    if (known.request().terminal() && size.size() == 2 && size.get(0) > 0) {
      started.session().resize(size.get(0), size.get(1));
    }
    return new ExecAttachment(known.request(), started);
  }

  @Override
  public void startDetached(String exec, ExecStart start) {
    engine.execs().startDetached(exec);
  }

  @Override
  public void resize(String exec, int height, int width) {
    engine.execs().resize(exec, height, width);
  }

  @Override
  public ExecInspect inspect(String exec) {
    Execs.Exec known = engine.execs().get(exec);
    Execs.Request request = known.request();
    List<String> command = request.command();
    return new ExecInspect(
        known.id(),
        known.isRunning(),
        known.exitCode(),
        new ExecInspect.Command(
            request.terminal(),
            command.getFirst(),
            command.subList(1, command.size()),
            request.privileged(),
            request.user()),
        request.attachStdin(),
        request.attachStderr(),
        request.attachStdout(),
        false,
        known.containerId(),
        request.detachKeys(),
        known.pid().orElse(0));
  }
}
