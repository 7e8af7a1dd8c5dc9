package dev.kemas.build;

import java.nio.file.Path;

/** A build in a process of its own, to be killed: says {@code up} when its process runs. */
final class KilledBuild {
  private KilledBuild() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    RealEngine engine = new RealEngine(folder);
    engine.importBusybox(folder);
    engine.builder.build(
        BuildRequest.of(folder.resolve("context")),
        event -> {
          if (event instanceof BuildEvent.StepOutput output) {
            System.out.print(output.text());
            System.out.flush();
          }
        },
        new Cancellation());
  }
}
