package dev.kemas.daemon.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.build.cache.CacheFilter;
import dev.kemas.build.cache.CacheLimits;
import dev.kemas.build.cache.CacheRule;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the build cache is kept within limits: {@code gc} of {@code builder} in {@code daemon.json},
 * as dockerd has it.
 *
 * @param enabled whether anything goes by itself
 * @param usual limits of the usual rules; empty texts where nothing was said
 * @param policy rules in place of the usual ones; none: the usual ones
 */
public record BuilderGc(boolean enabled, Limits usual, List<Rule> policy) {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12}(?:\\.\\d+)?)\\s*([kmgt]?)i?b?");
  private static final Pattern PART = Pattern.compile("(\\d{1,3})%");
  private static final Set<String> KEYS =
      Set.of(
          "enabled",
          "defaultKeepStorage",
          "defaultReservedSpace",
          "defaultMaxUsedSpace",
          "defaultMinFreeSpace",
          "policy");
  private static final Set<String> RULE_KEYS =
      Set.of(
          "all",
          "filter",
          "keepDuration",
          "keepStorage",
          "maxUsedSpace",
          "minFreeSpace",
          "reservedSpace");

  /** Where nothing is configured. */
  static final BuilderGc USUAL = new BuilderGc(true, new Limits("", "", ""), List.of());

  public BuilderGc {
    policy = List.copyOf(policy);
  }

  /** Sizes as they were written: bytes with a unit, or a part of the disk. */
  record Limits(String reserved, String maxUsed, String minFree) {
    CacheLimits of(long disk) {
      return new CacheLimits(bytes(reserved, disk), bytes(maxUsed, disk), bytes(minFree, disk));
    }

    boolean isEmpty() {
      return reserved.isEmpty() && maxUsed.isEmpty() && minFree.isEmpty();
    }
  }

  /** A rule as it was written. */
  record Rule(boolean all, CacheFilter.Parsed filter, Limits limits) {}

  /**
   * Reads the value of {@code builder}.
   *
   * @throws Fault.InvalidArgument for a key or a value that it cannot have
   */
  static BuilderGc parse(String text) {
    try {
      JsonNode tree = Json.mapper().readTree(text);
      require(tree.isObject(), "want an object");
      only(tree, Set.of("gc", "entitlements"));
      JsonNode gc = tree.path("gc");
      if (gc.isMissingNode() || gc.isNull()) {
        return USUAL;
      }
      only(gc, KEYS);
      List<Rule> policy = new ArrayList<>();
      gc.path("policy").forEach(rule -> policy.add(rule(rule)));
      return new BuilderGc(
          gc.path("enabled").asBoolean(true),
          new Limits(
              size(gc, "defaultReservedSpace", "defaultKeepStorage"),
              size(gc, "defaultMaxUsedSpace"),
              size(gc, "defaultMinFreeSpace")),
          policy);
    } catch (JacksonException e) {
      throw invalid(e.getOriginalMessage());
    }
  }

  private static Rule rule(JsonNode rule) {
    only(rule, RULE_KEYS);
    Map<String, Set<String>> filters = filters(rule.path("filter"));
    CacheFilter.Parsed parsed = CacheFilter.parse(filters);
    String keep = rule.path("keepDuration").asText();
    Duration unusedFor = keep.isEmpty() ? parsed.unusedFor() : CacheFilter.duration(keep);
    return new Rule(
        rule.path("all").asBoolean(),
        new CacheFilter.Parsed(unusedFor, parsed.filters()),
        new Limits(
            size(rule, "reservedSpace", "keepStorage"),
            size(rule, "maxUsedSpace"),
            size(rule, "minFreeSpace")));
  }

  /** A list of {@code name=value}, or an object of objects. */
  private static Map<String, Set<String>> filters(JsonNode node) {
    Map<String, Set<String>> filters = new TreeMap<>();
    if (node.isObject()) {
      node.properties()
          .forEach(entry -> {
            Set<String> values = filters.computeIfAbsent(entry.getKey(), n -> new TreeSet<>());
            entry.getValue().fieldNames().forEachRemaining(values::add);
          });
    }
    if (node.isArray()) {
      node.forEach(text -> {
        String[] parts = text.asText().split("==?", 2);
        require(parts.length == 2, "want name=value in filter, not \"" + text.asText() + "\"");
        filters.computeIfAbsent(parts[0], n -> new TreeSet<>()).add(parts[1]);
      });
    }
    return filters;
  }

  private static String size(JsonNode node, String... names) {
    for (String name : names) {
      String text = node.path(name).asText().toLowerCase(Locale.ROOT);
      if (!text.isEmpty()) {
        bytes(text, 0); // an error is told when the configuration is read
        return text;
      }
    }
    return "";
  }

  private static long bytes(String text, long disk) {
    Matcher part = PART.matcher(text);
    if (part.matches()) {
      return disk / 100 * Integer.parseInt(part.group(1));
    }
    Matcher size = SIZE.matcher(text);
    if (text.isEmpty()) {
      return 0;
    }
    require(size.matches(), "want bytes such as 10GB or 10%, not \"" + text + "\"");
    int shift = size.group(2).isEmpty() ? 0 : 10 + 10 * "kmgt".indexOf(size.group(2));
    return new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(1L << shift)).longValue();
  }

  private static void only(JsonNode node, Set<String> known) {
    node.fieldNames()
        .forEachRemaining(name -> require(known.contains(name), "there is no \"" + name + "\""));
  }

  private static void require(boolean fits, String why) {
    if (!fits) {
      throw invalid(why);
    }
  }

  private static Fault.InvalidArgument invalid(String why) {
    return new Fault.InvalidArgument("invalid value of \"builder\" in the configuration: " + why);
  }

  /**
   * What goes by itself.
   *
   * @param disk bytes of the disk that the cache is on
   * @return none when nothing does
   */
  public List<CacheRule> rules(long disk) {
    if (!enabled) {
      return List.of();
    }
    if (policy.isEmpty()) {
      return CacheRule.usual(usual.isEmpty() ? CacheLimits.usual(disk) : usual.of(disk));
    }
    return policy.stream()
        .map(rule ->
            new CacheRule(
                rule.all(),
                rule.filter().unusedFor(),
                rule.filter().filters(),
                rule.limits().isEmpty() ? usual.of(disk) : rule.limits().of(disk)))
        .toList();
  }
}
