package dev.kemas.registry.client;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a registry wants to be shown (RFC 9110, 11.6.1; distribution's token specification).
 *
 * @param scheme {@code bearer} or {@code basic}, lower case
 * @param parameters by lower-case name
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final Pattern HEAD = Pattern.compile("^\\s*([A-Za-z]+)\\s*(.*)$", Pattern.DOTALL);
  private static final Pattern PARAMETER =
      Pattern.compile("([A-Za-z_]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^,\\s]+))");

  /** The first challenge that this client can answer. */
  static Optional<Challenge> of(List<String> headers) {
    return headers.stream()
        .map(Challenge::parse)
        .flatMap(Optional::stream)
        .filter(c -> c.scheme().equals("bearer") || c.scheme().equals("basic"))
        .findFirst();
  }

  private static Optional<Challenge> parse(String header) {
    Matcher head = HEAD.matcher(header);
    if (!head.matches()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    Matcher parameter = PARAMETER.matcher(head.group(2));
    while (parameter.find()) {
      String quoted = parameter.group(2);
      parameters.put(
          parameter.group(1).toLowerCase(Locale.ROOT),
          quoted == null ? parameter.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
    }
    return Optional.of(new Challenge(head.group(1).toLowerCase(Locale.ROOT), parameters));
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }
}
