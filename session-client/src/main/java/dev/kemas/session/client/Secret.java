package dev.kemas.session.client;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A secret that a client lends. */
@FunctionalInterface
public interface Secret {
  /** More is no secret but a file (BuildKit's limit). */
  int MOST = 500 * 1024;

  /**
   * Its value, looked up anew.
   *
   * @throws Fault.NotFound when it is not there any more
   */
  byte[] read();

  /**
   * A file's content.
   *
   * @throws Fault.InvalidArgument from {@link #read} when the file is larger than {@link #MOST}
   */
  static Secret file(Path path) {
    return () -> {
      try {
        if (Files.size(path) > MOST) {
          throw new Fault.InvalidArgument(
              "invalid secret size " + Files.size(path) + " of " + path + ": at most " + MOST);
        }
        return Files.readAllBytes(path);
      } catch (IOException e) {
        throw new Fault.NotFound("file", path.toString(), "cannot read the secret " + path, e);
      }
    };
  }

  /** An environment variable's value. */
  static Secret variable(String name, Map<String, String> environment) {
    return () -> {
      String value = environment.get(name);
      if (value == null) {
        throw new Fault.NotFound(
            "variable", name, "the environment has no variable " + name + " for a secret");
      }
      return value.getBytes(StandardCharsets.UTF_8);
    };
  }
}
