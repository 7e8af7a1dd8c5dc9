package dev.kemas.dockerfile;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The options of one instruction: each is asked for by name, what is left over is unknown. */
final class FlagReader {
  private final List<Flag> flags;
  private final Set<String> known = new TreeSet<>();

  FlagReader(Node node) {
    this.flags = node.flags();
  }

  Optional<String> string(String name) throws Problem {
    List<String> values = strings(name);
    if (values.size() > 1) {
      throw new Problem("duplicate flag specified: --" + name);
    }
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
  }

  List<String> strings(String name) throws Problem {
    return values(name).stream().map(flag -> flag.value().orElse("")).toList();
  }

  /** The flags of that name; each has a value. */
  List<Flag> values(String name) throws Problem {
    known.add(name);
    List<Flag> found = new ArrayList<>();
    for (Flag flag : flags) {
      if (flag.name().equals(name)) {
        if (flag.value().isEmpty()) {
          throw new Problem("missing a value on flag: --" + name);
        }
        found.add(flag);
      }
    }
    return found;
  }

  Optional<Boolean> bool(String name) throws Problem {
    known.add(name);
    Set<Boolean> values = new HashSet<>();
    int count = 0;
    for (Flag flag : flags) {
      if (flag.name().equals(name)) {
        String value = flag.value().orElse("true");
        if (flag.value().isPresent() && value.isEmpty()) {
          throw new Problem("missing a value on flag: --" + name);
        }
        if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
          throw new Problem(
              "expecting boolean value for flag --%s, not: %s".formatted(name, value));
        }
        values.add(value.equalsIgnoreCase("true"));
        count++;
      }
    }
    if (count > 1) {
      throw new Problem("duplicate flag specified: --" + name);
    }
    return values.stream().findFirst();
  }

  /** To be called when every known flag was asked for. */
  void end() throws Problem {
    for (Flag flag : flags) {
      if (!known.contains(flag.name())) {
        throw new Problem("unknown flag: --" + flag.name() + Suggestion.of(flag.name(), known));
      }
    }
  }
}
