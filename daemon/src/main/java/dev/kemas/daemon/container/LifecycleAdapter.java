package dev.kemas.daemon.container;

import dev.kemas.api.WaitResult;
import dev.kemas.api.server.LifecycleBackend;
import dev.kemas.engine.Engine;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Signal;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Containers through their life. */
public final class LifecycleAdapter implements LifecycleBackend {
  private final Engine engine;

  public LifecycleAdapter(Engine engine) {
    this.engine = engine;
  }

  @Override
  public void start(String container) {
    engine.start(container);
  }

  @Override
  public void stop(String container, Optional<String> signal, OptionalInt seconds) {
    engine.stop(container, signal.map(Signal::parse), seconds);
  }

  @Override
  public void restart(String container, Optional<String> signal, OptionalInt seconds) {
    engine.restart(container, signal.map(Signal::parse), seconds);
  }

  @Override
  public void kill(String container, String signal) {
    engine.kill(container, Signal.parse(signal));
  }

  @Override
  public void pause(String container) {
    engine.pause(container);
  }

  @Override
  public void unpause(String container) {
    engine.unpause(container);
  }

  @Override
  public Waiting waitFor(String container, Condition condition) {
    String id = engine.container(container).id();
    CompletableFuture<Integer> end =
        engine.await(
            id,
            switch (condition) {
              case NOT_RUNNING -> Engine.Condition.NOT_RUNNING;
              case NEXT_EXIT -> Engine.Condition.NEXT_EXIT;
              case REMOVED -> Engine.Condition.REMOVED;
            });
    return new Waiting() {
      @Override
      public WaitResult await() throws InterruptedException {
        try {
          return WaitResult.exited(end.get());
        } catch (CancellationException e) {
          throw new InterruptedException("the wait was given up");
        } catch (ExecutionException e) {
          throw new Fault.Internal("waiting for container " + id + " failed: " + e.getCause(), e);
        }
      }

      @Override
      public void close() {
        if (!end.isDone()) {
          engine.forget(id, end);
        }
      }
    };
  }
}
