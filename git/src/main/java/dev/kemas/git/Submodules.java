package dev.kemas.git;

import dev.kemas.fault.Fault;
import dev.kemas.git.GitProgram.Call;
import dev.kemas.git.GitProgram.Failed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which repositories a commit holds within it (gitmodules(5)). They are fetched as any other, each
 * under the same rules, rather than by git itself, which would ask whatever address is written
 * there.
 */
final class Submodules {
  private static final int MOST = 500;

  private final GitProgram git;

  Submodules(GitProgram git) {
    this.git = git;
  }

  /** Their addresses, each at its commit, by path. */
  Map<String, GitAddress> of(java.nio.file.Path bare, Resolved parent) throws Failed {
    Map<String, String> commits =
        commits(git.run(Call.in(bare, "ls-tree", "-r", "-z", parent.commit())));
    if (commits.isEmpty()) {
      return Map.of();
    }
    if (commits.size() > MOST) {
      throw new Fault.InvalidArgument(
          "%s has %d submodules, more than the %d that are fetched"
              .formatted(parent.address(), commits.size(), MOST));
    }
    Map<String, String> addresses =
        addresses(
            git.run(
                Call.in(
                    bare, "config", "--blob", parent.commit() + ":.gitmodules", "--list", "-z")));
    Map<String, GitAddress> found = new TreeMap<>();
    for (Map.Entry<String, String> commit : commits.entrySet()) {
      String url = addresses.get(commit.getKey());
      if (url == null) {
        throw new Fault.InvalidArgument(
            "no address is written for the submodule \"%s\" of %s"
                .formatted(commit.getKey(), parent.address()));
      }
      GitAddress address = GitAddress.parse(resolve(parent.address().remote(), url));
      found.put(commit.getKey(), address.at(commit.getValue()));
    }
    return found;
  }

  /** Entries of mode 160000: {@code 160000 commit <id>\t<path>}. */
  private static Map<String, String> commits(String listing) {
    Map<String, String> commits = new LinkedHashMap<>();
    for (String entry : listing.split("\0", -1)) {
      if (entry.startsWith("160000 commit ")) {
        int tab = entry.indexOf('\t');
        String path = entry.substring(tab + 1);
        boolean strange =
            Arrays.stream(path.split("/", -1))
                .anyMatch(p ->
                    p.isEmpty() || p.equals(".") || p.equals("..") || p.equalsIgnoreCase(".git"));
        if (strange) {
          throw new Fault.InvalidArgument("a submodule at \"%s\" is refused".formatted(path));
        }
        commits.put(path, entry.substring("160000 commit ".length(), tab));
      }
    }
    return commits;
  }

  /** Addresses by path, from {@code submodule.<name>.path\n<value>\0}. */
  private static Map<String, String> addresses(String listing) {
    Map<String, String> paths = new LinkedHashMap<>();
    Map<String, String> urls = new LinkedHashMap<>();
    for (String setting : listing.split("\0", -1)) {
      int end = setting.indexOf('\n');
      String key = end < 0 ? setting : setting.substring(0, end);
      String value = end < 0 ? "" : setting.substring(end + 1);
      if (key.startsWith("submodule.") && key.endsWith(".path")) {
        paths.put(key.substring(0, key.length() - ".path".length()), value);
      } else if (key.startsWith("submodule.") && key.endsWith(".url")) {
        urls.put(key.substring(0, key.length() - ".url".length()), value);
      }
    }
    Map<String, String> byPath = new LinkedHashMap<>();
    paths.forEach((name, path) -> {
      String url = urls.get(name);
      if (url != null) {
        byPath.put(path, url);
      }
    });
    return byPath;
  }

  /** An address that begins with dots is beside its parent's (git-submodule(1), "add"). */
  static String resolve(String parent, String url) {
    if (!url.startsWith("./") && !url.startsWith("../")) {
      return url;
    }
    boolean scp = !parent.contains("://");
    int root = scp ? parent.indexOf(':') + 1 : parent.indexOf('/', parent.indexOf("://") + 3);
    List<String> parts = new ArrayList<>();
    for (String part : parent.substring(root).split("/", -1)) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    for (String part : url.split("/", -1)) {
      if (part.equals("..")) {
        if (parts.isEmpty()) {
          throw new Fault.InvalidArgument(
              "the submodule's address \"%s\" leads out of %s".formatted(url, parent));
        }
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parent.substring(0, root) + (scp ? "" : "/") + String.join("/", parts);
  }
}
