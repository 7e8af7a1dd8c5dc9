package dev.kemas.dockerfile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A stage as far as checks have gone through it. Not for several threads. */
final class Walked {
  final Scope scope;

  /** Whether every variable of the base is known, so that one that is missing is really so. */
  final boolean complete;

  final Set<String> arguments = new LinkedHashSet<>();
  final List<String> triggers = new ArrayList<>();
  final Map<String, GlobalScope.Declared> declared = new LinkedHashMap<>();
  final Set<String> used = new LinkedHashSet<>();
  final Map<String, Outline.Secret> secrets = new LinkedHashMap<>();
  final Map<String, Outline.Ssh> agents = new LinkedHashMap<>();
  final Map<String, Outline.CacheMount> caches = new LinkedHashMap<>();
  final Set<Integer> needs = new LinkedHashSet<>();
  boolean shell;
  boolean workdir;

  Walked(Scope scope, boolean complete, boolean shell) {
    this.scope = scope;
    this.complete = complete;
    this.shell = shell;
  }

  /** What a stage that is made from this one begins with. */
  Walked child() {
    Walked child = new Walked(scope.copy(), complete, shell);
    child.arguments.addAll(arguments);
    child.workdir = workdir;
    child.declared.putAll(declared);
    child.used.addAll(used);
    child.secrets.putAll(secrets);
    child.agents.putAll(agents);
    child.caches.putAll(caches);
    return child;
  }
}
