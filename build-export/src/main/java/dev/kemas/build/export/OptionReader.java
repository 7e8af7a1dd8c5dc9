package dev.kemas.build.export;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Reference;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The options of one exporter, as clients write them. */
record OptionReader(String type, Map<String, String> options) {

  /**
   * Refuses what there is not.
   *
   * @param known without annotations, which name themselves
   * @param annotations whether there are any for this exporter
   * @throws Fault.InvalidArgument for an option that is not known, naming those that are
   */
  void allow(Set<String> known, boolean annotations) {
    for (String name : options.keySet()) {
      boolean fits = known.contains(name) || (annotations && Annotations.isOne(name));
      if (!fits && !name.equals("type")) {
        throw new Fault.InvalidArgument(
            "unknown option \"%s\" of the exporter type=%s: there are %s%s"
                .formatted(
                    name,
                    type,
                    String.join(", ", new TreeSet<>(known)),
                    annotations ? " and annotation.NAME" : ""));
      }
    }
  }

  /** Refuses an option that is known and not to be had, unless it is switched off. */
  void refuse(String name, String why) {
    if (flag(name, false)) {
      throw new Fault.Unsupported(
          "the option %s=%s of type=%s is not to be had: %s"
              .formatted(name, options.get(name), type, why));
    }
  }

  String text(String name) {
    return options.getOrDefault(name, "");
  }

  /** Yes or no; present and empty is yes, as it is for BuildKit. */
  boolean flag(String name, boolean otherwise) {
    return value(name)
        .map(text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "", "1", "t", "true" -> true;
              case "0", "f", "false" -> false;
              default -> throw invalid(name, "true or false");
            })
        .orElse(otherwise);
  }

  Optional<Boolean> choice(String name) {
    return value(name).map(_ -> flag(name, true));
  }

  OptionalInt number(String name) {
    if (text(name).isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseInt(text(name)));
    } catch (NumberFormatException e) {
      throw invalid(name, "a whole number");
    }
  }

  /** A time, in seconds since 1970. */
  Optional<Instant> time(String name) {
    if (text(name).isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.ofEpochSecond(Long.parseLong(text(name))));
    } catch (NumberFormatException | DateTimeException e) {
      throw invalid(name, "seconds since 1970");
    }
  }

  /** Names between commas. */
  List<Reference> names() {
    return Stream.of(text("name").split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .map(Reference::parse)
        .toList();
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(options.get(name));
  }

  Fault.InvalidArgument invalid(String name, String wanted) {
    return new Fault.InvalidArgument(
        "invalid value \"%s\" of the option %s of type=%s: want %s"
            .formatted(text(name), name, type, wanted));
  }
}
