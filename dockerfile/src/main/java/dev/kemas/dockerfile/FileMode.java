package dev.kemas.dockerfile;

import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code --chmod} makes of permissions: an octal number replaces them, {@code u=rwX,go=rX}
 * changes them as chmod(1) does without a umask. Immutable.
 *
 * @param text as the author wrote it, variables expanded
 */
public record FileMode(String text, List<Action> actions) {
  private static final int ALL = 07777;
  private static final int EXECUTE = 0111;

  public FileMode {
    actions = List.copyOf(actions);
  }

  /**
   * One step.
   *
   * @param who the bits that may change; a user's and group's set-id bits among them
   * @param operator {@code +}, {@code -} or {@code =}
   * @param permissions letters of {@code rwxXstugo}
   */
  public record Action(int who, char operator, String permissions) {
    int apply(int mode, int original, boolean directory) {
      int value = 0;
      for (int i = 0; i < permissions.length(); i++) {
        value |=
            switch (permissions.charAt(i)) {
              case 'r' -> 0444;
              case 'w' -> 0222;
              case 'x' -> EXECUTE;
              case 'X' -> directory || operator == '-' || (original & EXECUTE) != 0 ? EXECUTE : 0;
              case 's' -> 06000;
              case 't' -> 01000;
              case 'u' -> EXECUTE * (mode >> 6 & 7);
              case 'g' -> EXECUTE * (mode >> 3 & 7);
              default -> EXECUTE * (mode & 7);
            };
      }
      int sticky = (who & 06770) != 0 ? 01000 : 0;
      int change = value & (who | sticky);
      return switch (operator) {
        case '+' -> mode | change;
        case '-' -> mode & ~change;
        default -> (mode & ~who) | change;
      };
    }
  }

  /**
   * Reads it.
   *
   * @throws Fault.InvalidArgument when it is neither
   */
  public static FileMode parse(String text) {
    boolean number = !text.isEmpty() && Character.isDigit(text.charAt(0));
    if (number && text.matches("[0-7]{1,7}") && Integer.parseInt(text, 8) <= ALL) {
      return new FileMode(text, List.of());
    }
    if (number) {
      throw new Fault.InvalidArgument(
          "invalid chmod parameter: '%s'. it should be octal string and between 0 and 07777"
              .formatted(text));
    }
    List<Action> actions = new ArrayList<>();
    for (String clause : text.split(",", -1)) {
      if (!clause.matches("[ugoa]*([-+=][rwxXstugo]*)+")) {
        throw new Fault.InvalidArgument(
            ("invalid chmod parameter: '%s'. it should be octal string and between 0 and 07777,"
                    + " or symbolic as in u=rwX,go=rX")
                .formatted(text));
      }
      clause(clause, actions);
    }
    return new FileMode(text, actions);
  }

  private static void clause(String clause, List<Action> actions) {
    int at = 0;
    int who = 0;
    while ("ugoa".indexOf(clause.charAt(at)) >= 0) {
      who |=
          switch (clause.charAt(at)) {
            case 'u' -> 04700;
            case 'g' -> 02070;
            case 'o' -> 00007;
            default -> 06777;
          };
      at++;
    }
    while (at < clause.length()) {
      int end = at + 1;
      while (end < clause.length() && "+-=".indexOf(clause.charAt(end)) < 0) {
        end++;
      }
      actions.add(
          new Action(who == 0 ? 06777 : who, clause.charAt(at), clause.substring(at + 1, end)));
      at = end;
    }
  }

  /** The permissions, set-id bits included, of a file that had these. */
  public int apply(int permissions, boolean directory) {
    if (actions.isEmpty()) {
      return Integer.parseInt(text, 8);
    }
    int mode = permissions & ALL;
    for (Action action : actions) {
      mode = action.apply(mode, permissions, directory);
    }
    return mode;
  }

  /** The same for the same change: octal numbers without leading zeros. */
  @Override
  public String toString() {
    return actions.isEmpty() ? Integer.toOctalString(Integer.parseInt(text, 8)) : text;
  }
}
