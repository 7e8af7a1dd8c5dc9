package dev.kemas.linux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes down what it is asked to do and pretends that it worked. Safe for several threads. */
public final class RecordingMounter implements Mounter {
  private final List<String> calls = new ArrayList<>();
  private final List<Path> mounted = new ArrayList<>();

  /** A double that has seen nothing yet. */
  public RecordingMounter() {}

  @Override
  public synchronized void mount(Mount mount, Path target) {
    calls.add(
        "mount -t "
            + mount.type()
            + " -o "
            + String.join(",", mount.options())
            + " "
            + mount.source()
            + " "
            + target);
    mounted.add(target);
  }

  @Override
  public synchronized boolean unmount(Path target) {
    calls.add("umount " + target);
    return mounted.remove(target);
  }

  /** What was asked for, one line a call, in the words of mount(8). */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** Where something is mounted now, in the order it was. */
  public synchronized List<Path> mounted() {
    return List.copyOf(mounted);
  }
}
