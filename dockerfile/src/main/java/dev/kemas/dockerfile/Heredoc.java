package dev.kemas.dockerfile;

/**
 * A here-document: {@code <<EOF}, {@code <<-EOF} or {@code <<"EOF"} and the lines up to its name
 * (Dockerfile reference, "Here-Documents").
 *
 * @param name the terminating word, without quotes
 * @param content the lines as written, each with its line end; tabs are still there
 * @param stripTabs whether it was opened by {@code <<-}
 * @param expand whether variables in it are expanded when it is a file of COPY or ADD: not when the
 *     name was quoted
 * @param range the lines of the content and of the terminator
 */
public record Heredoc(
    String name, String content, boolean stripTabs, boolean expand, SourceRange range) {

  /** The content with leading tabs removed where {@code <<-} asks for it. */
  public String text() {
    if (!stripTabs) {
      return content;
    }
    StringBuilder out = new StringBuilder(content.length());
    boolean lineStart = true;
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      if (lineStart && c == '\t') {
        continue;
      }
      lineStart = c == '\n';
      out.append(c);
    }
    return out.toString();
  }
}
