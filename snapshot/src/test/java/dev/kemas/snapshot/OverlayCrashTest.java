package dev.kemas.snapshot;

import java.nio.file.Path;

class OverlayCrashTest extends CrashContract {
  @Override
  Snapshotter open(Path root, Gate gate) {
    return OverlaySnapshotter.open(root, gate);
  }
}
