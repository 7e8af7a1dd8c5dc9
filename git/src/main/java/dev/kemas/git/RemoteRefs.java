package dev.kemas.git;

import dev.kemas.fault.Fault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code git ls-remote} said: references by their full names. */
final class RemoteRefs {
  private final Map<String, String> commits = new LinkedHashMap<>();

  RemoteRefs(String listing) {
    for (String line : listing.split("\n", -1)) {
      int tab = line.indexOf('\t');
      if (tab > 0 && GitAddress.COMMIT.matcher(line.substring(0, tab)).matches()) {
        commits.put(line.substring(tab + 1), line.substring(0, tab));
      }
    }
  }

  /** The patterns to ask for, so that the whole list need not travel. */
  static List<String> patterns(GitAddress.Ref ref) {
    return switch (ref.kind()) {
      case HEAD -> List.of("HEAD");
      case BRANCH -> List.of("refs/heads/" + ref.name());
      case TAG -> List.of("refs/tags/" + ref.name(), "refs/tags/" + ref.name() + "^{}");
      case ANY -> List.of(ref.name(), ref.name() + "^{}");
    };
  }

  /** A branch goes before a tag of the same name, as with git-checkout(1). */
  Resolved resolve(GitAddress address) {
    String name = address.ref().name();
    List<String> candidates =
        switch (address.ref().kind()) {
          case HEAD -> List.of("HEAD");
          case BRANCH -> List.of("refs/heads/" + name);
          case TAG -> List.of("refs/tags/" + name);
          case ANY ->
              List.of(
                  name.startsWith("refs/") || name.equals("HEAD") ? name : "refs/heads/" + name,
                  "refs/tags/" + name,
                  "refs/" + name);
        };
    for (String candidate : candidates) {
      // of an annotated tag, what it is a tag of
      Optional<String> commit =
          Optional.ofNullable(commits.get(candidate + "^{}"))
              .or(() -> Optional.ofNullable(commits.get(candidate)));
      if (commit.isPresent()) {
        return new Resolved(
            address,
            commit.get(),
            candidate.equals("HEAD") ? Optional.empty() : Optional.of(candidate));
      }
    }
    String wanted = name.isEmpty() ? "HEAD" : name;
    throw new Fault.NotFound(
        "reference",
        wanted,
        "repository %s does not contain ref %s".formatted(address.remote(), wanted));
  }
}
