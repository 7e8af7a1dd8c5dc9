package dev.kemas.runtime;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where the runtime keeps its state and which programs it may use.
 *
 * @param stateRoot a folder that is gone at reboot, of this engine alone
 * @param instance a word of {@code [a-z0-9-]} that tells this engine from others on the machine
 * @param defaultRuntime a name; empty chooses crun where it works, else runc
 * @param moreRuntimes names to absolute paths, as in dockerd's {@code --add-runtime}
 */
public record RuntimeSettings(
    Path stateRoot, String instance, String defaultRuntime, Map<String, Path> moreRuntimes) {
  public RuntimeSettings {
    moreRuntimes = Map.copyOf(moreRuntimes);
  }
}
