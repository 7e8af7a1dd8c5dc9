package dev.kemas.git;

import dev.kemas.git.GitAddress.Kind;
import dev.kemas.git.GitAddress.Options;
import dev.kemas.git.GitAddress.Ref;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an address says after its question mark.
 *
 * @param names whether it says anything of what is wanted
 */
record GitQuery(Ref ref, String subdirectory, Options options, boolean names) {
  private static final Set<String> KNOWN =
      Set.of("ref", "branch", "tag", "subdir", "checksum", "commit", "keep-git-dir", "submodules");

  static GitQuery parse(String query, String address) {
    Map<String, String> values = values(query, address);
    Optional<String> checksum =
        Optional.ofNullable(values.get("checksum"))
            .or(() -> Optional.ofNullable(values.get("commit")));
    checksum
        .filter(text -> !text.matches("[0-9a-f]{7,64}"))
        .ifPresent(text -> {
          throw GitAddress.invalid(address, "\"%s\" is no commit".formatted(text));
        });
    Ref ref = Ref.HEAD;
    for (Map.Entry<String, Kind> kind :
        Map.of("ref", Kind.ANY, "branch", Kind.BRANCH, "tag", Kind.TAG).entrySet()) {
      String name = values.get(kind.getKey());
      if (name != null && !name.isEmpty()) {
        if (ref.kind() != Kind.HEAD) {
          throw GitAddress.invalid(address, "use one of ref, branch and tag");
        }
        ref = new Ref(kind.getValue(), name);
      }
    }
    String commit = checksum.orElse("");
    if (ref.kind() == Kind.HEAD && GitAddress.COMMIT.matcher(commit).matches()) {
      ref = new Ref(Kind.ANY, commit);
    }
    Options options =
        new Options(
            checksum, truth(values, "keep-git-dir", address), truth(values, "submodules", address));
    String subdirectory = values.getOrDefault("subdir", "");
    boolean names = ref.kind() != Kind.HEAD || !subdirectory.isEmpty();
    return new GitQuery(ref, subdirectory, options, names);
  }

  private static Map<String, String> values(String query, String address) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (!KNOWN.contains(name)) {
        throw GitAddress.invalid(
            address,
            "unexpected query \"%s\": known are %s"
                .formatted(name, KNOWN.stream().sorted().toList()));
      }
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1), address);
      if (values.put(name, value) != null) {
        throw GitAddress.invalid(address, "it says %s twice".formatted(name));
      }
    }
    return values;
  }

  private static String decoded(String text, String address) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw GitAddress.invalid(address, "\"%s\" is not encoded as in a URL".formatted(text));
    }
  }

  private static Optional<Boolean> truth(Map<String, String> values, String name, String address) {
    String value = values.get(name);
    if (value == null) {
      return Optional.empty();
    }
    return switch (value) {
      case "", "1", "true" -> Optional.of(true);
      case "0", "false" -> Optional.of(false);
      default -> throw GitAddress.invalid(address, "%s is true or false".formatted(name));
    };
  }
}
