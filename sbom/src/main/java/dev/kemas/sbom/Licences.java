package dev.kemas.sbom;

import dev.kemas.fault.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.StringTokenizer;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What packages say of their licences, as SPDX licence expressions (SPDX 2.3, annex D). A name that
 * SPDX does not list, or that is not known here, becomes a {@code LicenseRef-}.
 */
final class Licences {
  private static final Pattern NOT_ID = Pattern.compile("[^A-Za-z0-9.-]+");
  private static final int LONGEST_REF = 100;
  private static final Map<String, String> NAMES = new HashMap<>();
  private static final Map<String, String> EXCEPTIONS = new HashMap<>();

  static {
    load();
  }

  private Licences() {}

  /**
   * A licence expression.
   *
   * @param text valid SPDX
   * @param compound whether it has operators
   * @param refs what each {@code LicenseRef-} in it stands for
   */
  record Expression(String text, boolean compound, SortedMap<String, String> refs) {
    boolean listed() {
      return refs.isEmpty();
    }
  }

  private static void load() {
    try (InputStream in = Licences.class.getResourceAsStream("licences.txt")) {
      if (in == null) {
        throw new Fault.Internal("the list of licences is missing from this program");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] part = line.split("\t", -1);
        switch (part[0]) {
          case "id" -> NAMES.putIfAbsent(lower(part[1]), part[1]);
          case "exception" -> EXCEPTIONS.put(lower(part[1]), part[1]);
          case "alias" -> NAMES.put(lower(part[2]), part[1]);
          default -> {}
        }
      }
    } catch (IOException e) {
      throw new Fault.Internal("cannot read the list of licences: " + e.getMessage(), e);
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** One text of a package as an expression. */
  static Expression parse(String text) {
    String plain = text.strip();
    String whole = NAMES.get(lower(plain));
    if (whole != null) {
      return new Expression(whole, false, new TreeMap<>());
    }
    return new Parser(plain).parse().orElseGet(() -> ref(plain));
  }

  /** All texts of a package together. */
  static Optional<Expression> all(List<String> texts) {
    if (texts.isEmpty()) {
      return Optional.empty();
    }
    SortedMap<String, String> refs = new TreeMap<>();
    List<Expression> each = texts.stream().map(Licences::parse).distinct().toList();
    if (each.size() == 1) {
      return Optional.of(each.getFirst());
    }
    StringBuilder text = new StringBuilder();
    for (Expression one : each) {
      refs.putAll(one.refs());
      text.append(text.isEmpty() ? "" : " AND ")
          .append(one.compound() ? "(" + one.text() + ")" : one.text());
    }
    return Optional.of(new Expression(text.toString(), true, refs));
  }

  private static Expression ref(String text) {
    String id = refId(text);
    return new Expression(id, false, new TreeMap<>(Map.of(id, text)));
  }

  private static String refId(String text) {
    String safe = NOT_ID.matcher(text.replace("+", "-or-later")).replaceAll("-");
    if (safe.length() > LONGEST_REF || safe.replace("-", "").isEmpty()) {
      String hash = dev.kemas.oci.Digest.of(text.getBytes(StandardCharsets.UTF_8)).shortHex();
      safe = safe.substring(0, Math.min(LONGEST_REF - 13, safe.length())) + "-" + hash;
    }
    return "LicenseRef-" + safe;
  }

  /** Names with operators between; what is otherwise is a text for people. */
  private static final class Parser {
    private final StringTokenizer tokens;
    private final StringBuilder out = new StringBuilder();
    private final SortedMap<String, String> refs = new TreeMap<>();
    private int open;

    Parser(String text) {
      tokens = new StringTokenizer(text, " \t\n()", true);
    }

    Optional<Expression> parse() {
      boolean wantsName = true;
      boolean compound = false;
      while (tokens.hasMoreTokens()) {
        String token = tokens.nextToken();
        if (token.isBlank()) {
          continue;
        }
        String operator = operator(token);
        boolean sound;
        if (token.equals("(")) {
          sound = wantsName;
          open++;
          out.append('(');
        } else if (token.equals(")")) {
          sound = !wantsName && --open >= 0;
          out.append(')');
        } else if (operator.equals("WITH")) {
          sound = !wantsName && exception();
          compound = true;
        } else if (!operator.isEmpty()) {
          sound = !wantsName;
          wantsName = true;
          compound = true;
          out.append(' ').append(operator).append(' ');
        } else {
          sound = wantsName;
          wantsName = false;
          name(token);
        }
        if (!sound) {
          return Optional.empty();
        }
      }
      return wantsName || open != 0 || !compound
          ? Optional.empty()
          : Optional.of(new Expression(out.toString(), true, refs));
    }

    private static String operator(String token) {
      return switch (lower(token)) {
        case "and" -> "AND";
        case "or" -> "OR";
        case "with" -> "WITH";
        default -> "";
      };
    }

    private void name(String token) {
      String known = NAMES.get(lower(token));
      String id = known == null ? refId(token) : known;
      if (known == null) {
        refs.put(id, token);
      }
      out.append(id);
    }

    private boolean exception() {
      while (tokens.hasMoreTokens()) {
        String token = tokens.nextToken();
        if (!token.isBlank()) {
          String known = EXCEPTIONS.get(lower(token));
          out.append(" WITH ").append(known);
          return known != null;
        }
      }
      return false;
    }
  }
}
