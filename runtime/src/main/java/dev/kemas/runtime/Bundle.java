package dev.kemas.runtime;

import java.nio.file.Path;

/**
 * A container's folder as the runtime takes it (runtime-spec, bundle.md), with what conmon keeps
 * beside it. The folder must exist; the layout is described in docs/formats.md.
 *
 * @param id the container's id, unique on the machine
 * @param folder absolute path
 */
public record Bundle(String id, Path folder) {
  Path config() {
    return folder.resolve("config.json");
  }

  /** Which runtime made the container. */
  Path runtimeName() {
    return folder.resolve("runtime");
  }

  Path containerPid() {
    return folder.resolve("container.pid");
  }

  Path conmonPid() {
    return folder.resolve("conmon.pid");
  }

  /** conmon's socket for those who look and type. */
  Path attachSocket() {
    return folder.resolve("attach");
  }

  /** conmon's pipe for orders. */
  Path control() {
    return folder.resolve("ctl");
  }

  /** The exit code, once somebody has seen it; see {@link Exits}. */
  Path exit() {
    return folder.resolve("exit");
  }

  /** The container's output; older parts are {@code log.1}, {@code log.2}, the oldest last. */
  public Path log() {
    return folder.resolve("log");
  }

  /** A second name of the log, which outlives the first where conmon begins a new file. */
  Path keptLog() {
    return folder.resolve("log.kept");
  }

  Path log(int age) {
    return age == 0 ? log() : folder.resolve("log." + age);
  }

  /** New limits that are not recorded yet. */
  Path update() {
    return folder.resolve("update.json");
  }

  Path execs() {
    return folder.resolve("exec");
  }
}
