package dev.kemas.build;

import dev.kemas.image.Progress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The tasks of a build that are no steps of its Dockerfile. Safe for several threads. */
final class Tasks {
  private final BuildProgress sink;
  private final AtomicInteger count = new AtomicInteger();

  Tasks(BuildProgress sink) {
    this.sink = sink;
  }

  /** Does one, telling of its beginning and its end. */
  <T> T run(String name, Function<TaskProgress, T> work) {
    int task = count.incrementAndGet();
    sink.event(new BuildEvent.TaskStarted(task, name));
    Optional<String> error = Optional.of("it was interrupted");
    try {
      T result = work.apply(new Told(task));
      error = Optional.empty();
      return result;
    } catch (RuntimeException e) {
      error = Optional.of(String.valueOf(e.getMessage()));
      throw e;
    } finally {
      sink.event(new BuildEvent.TaskFinished(task, error));
    }
  }

  /** An export, as a task. */
  Map<String, String> deliver(Export export, Function<TaskProgress, Export.Delivery> delivery) {
    return run(export.title(), task -> export.deliver(delivery.apply(task)));
  }

  private final class Told implements TaskProgress {
    private final int task;

    Told(int task) {
      this.task = task;
    }

    @Override
    public void part(String what, long current, long total, boolean done) {
      sink.event(new BuildEvent.TaskPart(task, what, current, total, done));
    }

    @Override
    public void pull(Progress.Event event) {
      sink.event(new BuildEvent.Pull(task, event));
    }

    @Override
    public void event(BuildEvent event) {
      sink.event(event);
    }
  }
}
