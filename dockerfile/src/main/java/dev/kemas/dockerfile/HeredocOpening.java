package dev.kemas.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The word that opens a here-document. */
record HeredocOpening(String name, boolean stripTabs, boolean expand) {
  private static final Pattern FORM = Pattern.compile("^(\\d*)<<(-?)([^<]*)$");
  private static final Pattern HALF = Pattern.compile("^\\d*<<-?$");

  /** A name that may stand apart from the angles, so that {@code 1 << 2} is no heredoc. */
  private static final Pattern APART = Pattern.compile("^(?:[A-Za-z_][\\w.-]*|'.*'|\".*\")$");

  /** The heredocs that a line opens, in order; blanks may stand before their names. */
  static List<HeredocOpening> all(String arguments, char escape) {
    List<HeredocOpening> found = new ArrayList<>();
    List<String> words = Words.split(arguments, escape);
    for (int i = 0; i < words.size(); i++) {
      boolean apart =
          HALF.matcher(words.get(i)).matches()
              && i + 1 < words.size()
              && APART.matcher(words.get(i + 1)).matches();
      of(apart ? words.get(i) + words.get(i + 1) : words.get(i)).ifPresent(found::add);
    }
    return found;
  }

  /** The heredoc that is all there is. */
  static Optional<HeredocOpening> only(String arguments, char escape) {
    List<String> words = Words.split(arguments, escape);
    List<HeredocOpening> all = all(arguments, escape);
    boolean one = words.size() == 1 || (words.size() == 2 && HALF.matcher(words.get(0)).matches());
    return one && all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
  }

  /** The opening that this raw word (quotes still in it) is, if it is one. */
  static Optional<HeredocOpening> of(String word) {
    Matcher matcher = FORM.matcher(word);
    if (!matcher.matches() || matcher.group(3).isEmpty()) {
      return Optional.empty();
    }
    String quoted = matcher.group(3);
    StringBuilder plain = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < quoted.length(); i++) {
      char c = quoted.charAt(i);
      if (quote != 0 && c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == '\\' && quote != '\'' && i + 1 < quoted.length()) {
        i++;
        plain.append(quoted.charAt(i));
      } else if (quote == 0 && Words.isSpace(c)) {
        return Optional.empty(); // more than one word
      } else {
        plain.append(c);
      }
    }
    if (quote != 0 || plain.isEmpty()) {
      return Optional.empty();
    }
    String name = plain.toString();
    return Optional.of(new HeredocOpening(name, !matcher.group(2).isEmpty(), name.equals(quoted)));
  }
}
