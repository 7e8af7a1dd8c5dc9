package dev.kemas.guard;

import dev.kemas.dockerfile.Instruction.Run;
import dev.kemas.dockerfile.Mount;
import dev.kemas.dockerfile.MountFlag;
import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The mounts of a RUN. */
final class RunMounts {
  private RunMounts() {}

  /** Those that are well formed: of the others the build itself speaks. */
  static List<Mount> of(BuildView build, StageView.Line line, Run run) {
    List<Mount> mounts = new ArrayList<>();
    run.mounts().forEach(flag -> mount(build, line, flag).ifPresent(mounts::add));
    return mounts;
  }

  private static Optional<Mount> mount(BuildView build, StageView.Line line, MountFlag flag) {
    try {
      return Optional.of(
          flag.mount(text -> build.expand(text, line.variables()).orElse(text), "/"));
    } catch (Fault.InvalidArgument malformed) {
      return Optional.empty(); // the build fails on it, with the place
    }
  }
}
