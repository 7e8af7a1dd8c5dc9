package dev.kemas.spec;

import dev.kemas.fault.Fault;
import dev.kemas.oci.RuntimeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Looks up who a process runs as, from the texts of an image's passwd(5) and group(5). Pure; a
 * missing file is an empty text.
 */
public final class Accounts {
  private static final long MAX_ID = 0xffff_fffeL;

  private final List<String[]> users;
  private final List<String[]> groups;

  /**
   * @param passwd text of the image's {@code /etc/passwd}
   * @param group text of the image's {@code /etc/group}
   */
  public Accounts(String passwd, String group) {
    this.users = entries(passwd, 6);
    this.groups = entries(group, 3);
  }

  /**
   * Who a process is, and where it is at home.
   *
   * @param home absolute path, {@code /} where the image knows none
   */
  public record Account(RuntimeSpec.User user, String home) {}

  /**
   * Resolves {@code user}, {@code uid}, {@code user:group} and their mixtures; empty means root. A
   * number without an entry is taken as it is; with a group named the user's further groups do not
   * count, as in Docker.
   *
   * @param more further groups ({@code --group-add}), names or numbers
   * @throws Fault.InvalidArgument with Docker's text if a name has no entry
   */
  public Account resolve(String text, List<String> more) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String group = colon < 0 ? "" : text.substring(colon + 1);
    Optional<String[]> entry =
        find(users, e -> name.isEmpty() ? e[2].equals("0") : e[0].equals(name))
            .or(() -> find(users, e -> e[2].equals(name)));
    long uid =
        entry
            .map(e -> number(e[2], "user"))
            .orElseGet(() -> name.isEmpty() ? 0 : unlisted(name, "user", "passwd"));
    long gid = entry.map(e -> number(e[3], "group")).orElse(0L);
    TreeSet<Long> further = new TreeSet<>();
    if (group.isEmpty()) {
      String login = entry.map(e -> e[0]).orElse("");
      for (String[] e : groups) {
        if (e.length > 3 && List.of(e[3].split(",", -1)).contains(login) && !login.isEmpty()) {
          further.add(number(e[2], "group"));
        }
      }
    } else {
      gid = group(group);
    }
    more.forEach(g -> further.add(group(g)));
    // the first group counts among the further ones too, so that giving it up takes it away
    further.add(gid);
    return new Account(
        new RuntimeSpec.User(uid, gid, OptionalInt.empty(), List.copyOf(further)),
        entry.filter(e -> e.length > 5 && !e[5].isEmpty()).map(e -> e[5]).orElse("/"));
  }

  /**
   * A group's number by name or number.
   *
   * @throws Fault.InvalidArgument with Docker's text if a name has no entry
   */
  public long group(String text) {
    return find(groups, e -> e[0].equals(text))
        .map(e -> number(e[2], "group"))
        .orElseGet(() -> unlisted(text, "group", "group"));
  }

  private static long unlisted(String text, String what, String file) {
    if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new Fault.InvalidArgument(
          "unable to find " + what + " " + text + ": no matching entries in " + file + " file");
    }
    return number(text, what);
  }

  private static long number(String text, String what) {
    try {
      long id = Long.parseLong(text);
      if (id >= 0 && id <= MAX_ID) {
        return id;
      }
    } catch (NumberFormatException e) {
      throw new Fault.InvalidArgument("invalid " + what + " id \"" + text + "\"", e);
    }
    throw new Fault.InvalidArgument(what + " id " + text + " is out of range: want 0 to " + MAX_ID);
  }

  private static Optional<String[]> find(List<String[]> entries, Predicate<String[]> wanted) {
    return entries.stream().filter(wanted).findFirst();
  }

  private static List<String[]> entries(String text, int fields) {
    List<String[]> entries = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String[] entry = line.strip().split(":", -1);
      if (!line.startsWith("#") && entry.length >= fields) {
        entries.add(entry);
      }
    }
    return entries;
  }
}
