package dev.kemas.dockerfile;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The word that opens a here-document. */
record HeredocOpening(String name, boolean stripTabs, boolean expand) {
  private static final Pattern FORM = Pattern.compile("^(\\d*)<<(-?)([^<]*)$");

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
