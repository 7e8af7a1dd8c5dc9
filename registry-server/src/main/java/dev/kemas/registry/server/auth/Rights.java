package dev.kemas.registry.server.auth;

import dev.kemas.fault.Fault;
import dev.kemas.registry.server.repository.RepositoryName;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Who may do what with which repositories. What no rule allows is not allowed. A file of rules,
 * YAML or JSON:
 *
 * <pre>
 * rules:
 *   - users: [alice, ci]          # "*": everybody who is known; "anonymous": everybody else
 *     repositories: ["team/**"]   # * within a part of the name, ** over parts
 *     actions: [pull, push, delete]
 * </pre>
 */
public final class Rights {
  /** The user without a name. */
  public static final String ANONYMOUS = "anonymous";

  private static final Set<String> FIELDS = Set.of("users", "repositories", "actions");

  private final List<Rule> rules;

  private record Rule(List<String> users, List<Pattern> repositories, Set<Action> actions) {
    boolean isFor(Optional<String> user) {
      return user.isPresent()
          ? users.contains("*") || users.contains(user.get())
          : users.contains(ANONYMOUS);
    }
  }

  private Rights(List<Rule> rules) {
    this.rules = rules;
  }

  /** Everything for everybody. */
  public static Rights all() {
    return of(List.of("*", ANONYMOUS));
  }

  /** Everything for everybody who is known. */
  public static Rights known() {
    return of(List.of("*"));
  }

  private static Rights of(List<String> users) {
    return new Rights(
        List.of(new Rule(users, List.of(pattern("**")), EnumSet.allOf(Action.class))));
  }

  /**
   * Reads a file of rules.
   *
   * @throws Fault.InvalidArgument with the rule that is wrong
   */
  public static Rights read(Path file) {
    Object tree;
    try (Reader text = Files.newBufferedReader(file)) {
      tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    } catch (IOException e) {
      throw new Fault.InvalidArgument("cannot read the access rules in " + file + ": " + e, e);
    } catch (YAMLException e) {
      throw new Fault.InvalidArgument(
          "the access rules in " + file + " are no YAML: " + e.getMessage(), e);
    }
    if (!(tree instanceof Map<?, ?> top) || !(top.get("rules") instanceof List<?> list)) {
      throw new Fault.InvalidArgument("the access rules in " + file + " have no list \"rules\"");
    }
    List<Rule> rules = new ArrayList<>();
    for (Object entry : list) {
      String where = "rule " + (rules.size() + 1) + " in " + file;
      if (!(entry instanceof Map<?, ?> rule) || !FIELDS.equals(rule.keySet())) {
        throw new Fault.InvalidArgument(
            where + ": want the fields users, repositories and actions");
      }
      rules.add(
          new Rule(
              texts(rule.get("users"), where),
              texts(rule.get("repositories"), where).stream().map(Rights::pattern).toList(),
              actions(texts(rule.get("actions"), where), where)));
    }
    return new Rights(rules);
  }

  private static List<String> texts(@Nullable Object value, String where) {
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    if (value instanceof String one) {
      return List.of(one);
    }
    throw new Fault.InvalidArgument(where + ": want a list of texts, not " + value);
  }

  private static Set<Action> actions(List<String> words, String where) {
    Set<Action> actions = EnumSet.noneOf(Action.class);
    for (String word : words) {
      if (word.equals("*")) {
        return EnumSet.allOf(Action.class);
      }
      actions.add(
          Action.of(word)
              .orElseThrow(() ->
                  new Fault.InvalidArgument(
                      where + ": no action \"" + word + "\": want pull, push or delete")));
    }
    return actions;
  }

  private static Pattern pattern(String glob) {
    return Pattern.compile(
        Stream.of(glob.split("\\*\\*", -1))
            .map(part ->
                Stream.of(part.split("\\*", -1))
                    .map(Pattern::quote)
                    .collect(Collectors.joining("[^/]*")))
            .collect(Collectors.joining(".*")));
  }

  /**
   * What somebody may do with a repository.
   *
   * @param user empty for who is not known
   */
  public Set<Action> of(Optional<String> user, RepositoryName name) {
    Set<Action> actions = EnumSet.noneOf(Action.class);
    for (Rule rule : rules) {
      if (rule.isFor(user)
          && rule.repositories().stream().anyMatch(p -> p.matcher(name.text()).matches())) {
        actions.addAll(rule.actions());
      }
    }
    return actions;
  }

  /** Whether there is anything that somebody without a name may do. */
  boolean knowsAnonymous() {
    return rules.stream().anyMatch(rule -> rule.isFor(Optional.empty()));
  }
}
