package dev.kemas.build.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Explanations in the form in which programs read them. */
public final class ExplanationJson {
  private ExplanationJson() {}

  /**
   * One object a step: its number, its instruction, whether its result was known, the causes, and
   * the first step that it follows from. Of each cause it says whether it follows from no earlier
   * step.
   *
   * @param texts of the steps by their numbers
   */
  public static List<Map<String, Object>> of(
      List<Explanation> explanations, Map<Integer, String> texts) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Explanation one : explanations) {
      Map<String, Object> step = new LinkedHashMap<>();
      step.put("number", one.number());
      step.put("text", texts.getOrDefault(one.number(), ""));
      step.put("hit", one.hit());
      step.put("causes", one.causes().stream().map(c -> cause(c, one.own().contains(c))).toList());
      one.first().ifPresent(first -> step.put("first", first));
      all.add(step);
    }
    return all;
  }

  private static Map<String, Object> cause(Cause cause, boolean own) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("kind", cause.kind().name());
    told.put("name", cause.name());
    cause.before().ifPresent(digest -> told.put("before", digest.toString()));
    cause.after().ifPresent(digest -> told.put("after", digest.toString()));
    told.put("text", cause.text());
    told.put("own", own);
    return told;
  }
}
