package dev.kemas.dockerfile;

import java.util.List;

/**
 * One instruction as it was written, not yet understood.
 *
 * @param keyword the first word, in the author's case
 * @param flags the options before the arguments, in order
 * @param arguments all the rest of the logical line, trimmed, continuation lines joined
 * @param heredocs the here-documents that the line opens, in order
 * @param text the whole logical line, for display: {@code Step 2/5 : <text>}
 * @param comments the comment lines directly above, without the hash
 * @param range from the keyword to the last line that belongs to it, heredocs included
 * @param argumentsRange where the arguments stand; the range itself when there are none
 */
public record Node(
    String keyword,
    List<Flag> flags,
    String arguments,
    List<Heredoc> heredocs,
    String text,
    List<String> comments,
    SourceRange range,
    SourceRange argumentsRange) {}
