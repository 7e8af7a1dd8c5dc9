package dev.kemas.buildkit;

import dev.kemas.fault.Fault;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** Filters of cache records, in containerd's manner: {@code type==regular,id~=^ab}. */
public final class CacheFilter {
  private static final Pattern CONDITION =
      Pattern.compile("([a-zA-Z_.]+)(?:(==|!=|~=)\"?(.*?)\"?)?");

  private CacheFilter() {}

  /**
   * Whether one of the filters holds, or there is none. Of a filter, each condition between commas
   * must hold.
   *
   * @throws Fault.InvalidArgument for a filter that is none
   */
  public static boolean accepts(List<String> filters, CacheRecords.Kept kept) {
    // clients send an empty one for none
    return filters.stream().allMatch(String::isEmpty)
        || filters.stream()
            .anyMatch(filter ->
                Stream.of(filter.split(",", -1)).allMatch(part -> holds(part.strip(), kept)));
  }

  private static boolean holds(String condition, CacheRecords.Kept kept) {
    Matcher matcher = CONDITION.matcher(condition);
    if (!matcher.matches()) {
      throw new Fault.InvalidArgument("invalid filter \"" + condition + "\"");
    }
    String value = value(matcher.group(1), kept);
    String wanted = matcher.group(3);
    if (matcher.group(2) == null || wanted == null) {
      return !value.isEmpty() && !value.equals("false");
    }
    return switch (matcher.group(2)) {
      case "==" -> value.equals(wanted);
      case "!=" -> !value.equals(wanted);
      default -> expression(wanted).matcher(value).find();
    };
  }

  private static Pattern expression(String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new Fault.InvalidArgument("invalid expression in a filter: " + e.getMessage(), e);
    }
  }

  private static String value(String name, CacheRecords.Kept kept) {
    return switch (name) {
      case "id" -> kept.id();
      case "type" -> kept.type();
      case "description" -> kept.description();
      case "inuse" -> Boolean.toString(kept.inUse());
      case "shared" -> Boolean.toString(kept.shared());
      case "private" -> Boolean.toString(!kept.shared());
      case "mutable" -> "false";
      case "immutable" -> "true";
      case "parent", "parents" -> String.join(";", kept.parents());
      default -> throw new Fault.InvalidArgument("invalid filter: there is no \"" + name + "\"");
    };
  }
}
