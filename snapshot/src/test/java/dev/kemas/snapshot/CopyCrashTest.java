package dev.kemas.snapshot;

import java.nio.file.Path;

class CopyCrashTest extends CrashContract {
  @Override
  Snapshotter open(Path root, Gate gate) {
    return CopySnapshotter.open(root, gate);
  }
}
