package dev.kemas.build;

import java.util.List;
import java.util.Map;

/**
 * A place where a finished build goes: the engine's images, a registry, an archive, a folder. One
 * use.
 */
public interface Export {

  /** What it does, as progress has it: {@code exporting to image}. */
  String title();

  /**
   * Takes what was built there, whole or not at all.
   *
   * @return what the client is told of it, such as {@code containerimage.digest}
   */
  Map<String, String> deliver(Delivery delivery);

  /**
   * What there is to take.
   *
   * @param results one for each platform, in the order asked for
   * @param images the engine's images
   * @param workspaces to look at the file systems
   * @param progress of this export
   */
  record Delivery(
      List<Built> results,
      ImageSink images,
      Workspaces.Held workspaces,
      TaskProgress progress,
      Cancellation cancelled) {
    public Delivery {
      results = List.copyOf(results);
    }
  }
}
