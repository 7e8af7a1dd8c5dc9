package dev.kemas.mount.travel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What does not travel, by reason, the first few of each by name. One thread. */
final class LeftOut {
  private static final int NAMED = 3;

  private static final class Group {
    final List<String> named = new ArrayList<>();
    int count;
  }

  private final Map<String, Group> groups = new LinkedHashMap<>();

  private final List<String> said = new ArrayList<>();

  /** Something else to be told. */
  void say(String text) {
    said.add(text);
  }

  void add(String reason, String path) {
    Group group = groups.computeIfAbsent(reason, none -> new Group());
    group.count++;
    if (group.named.size() < NAMED) {
      group.named.add(path);
    }
  }

  /** One line a reason. */
  List<String> texts() {
    List<String> texts = new ArrayList<>(said);
    groups.forEach((reason, group) -> {
      int more = group.count - group.named.size();
      texts.add(
          "%d left out, %s: %s%s"
              .formatted(
                  group.count,
                  reason,
                  String.join(", ", group.named),
                  more > 0 ? " and " + more + " more" : ""));
    });
    return texts;
  }
}
