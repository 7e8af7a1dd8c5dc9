package dev.kemas.linux;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A program to start, in full: nothing is taken from this process but what is said here.
 *
 * @param program absolute path; it is not searched for
 * @param arguments without the program's own name, which is its path
 * @param environment all of it
 * @param directory where it starts; this process's own when empty
 * @param descriptors what it finds open, by the number it finds it under; 0, 1 and 2 are {@code
 *     /dev/null} unless they are here, and all else is closed
 * @param newSession whether it leads a session of its own, out of reach of a terminal's signals
 */
public record Command(
    Path program,
    List<String> arguments,
    Map<String, String> environment,
    Optional<Path> directory,
    Map<Integer, Descriptor> descriptors,
    boolean newSession) {
  public Command {
    arguments = List.copyOf(arguments);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    descriptors = Collections.unmodifiableMap(new TreeMap<>(descriptors));
  }

  /** A program with arguments and no environment but PATH. */
  public static Command of(Path program, List<String> arguments) {
    return new Command(
        program,
        arguments,
        Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
        Optional.empty(),
        Map.of(),
        false);
  }

  /** A program with arguments and no environment but PATH. */
  public static Command of(String program, String... arguments) {
    return of(Path.of(program), List.of(arguments));
  }

  /** The same with one more variable. */
  public Command withVariable(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(environment);
    more.put(name, value);
    return new Command(program, arguments, more, directory, descriptors, newSession);
  }

  /** The same, starting in a directory. */
  public Command in(Path where) {
    return new Command(
        program, arguments, environment, Optional.of(where), descriptors, newSession);
  }

  /** The same with this descriptor under that number. */
  public Command with(int number, Descriptor descriptor) {
    Map<Integer, Descriptor> more = new TreeMap<>(descriptors);
    more.put(number, descriptor);
    return new Command(program, arguments, environment, directory, more, newSession);
  }

  /** The same in a session of its own. */
  public Command inNewSession() {
    return new Command(program, arguments, environment, directory, descriptors, true);
  }

  @Override
  public String toString() {
    return arguments.isEmpty() ? program.toString() : program + " " + String.join(" ", arguments);
  }
}
