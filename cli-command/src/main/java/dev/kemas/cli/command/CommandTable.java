package dev.kemas.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The names of all commands. Each line: an id, every path it is called by with the usual one first,
 * and a sentence. Kept as plain text so that looking a command up touches no class of a command.
 */
public final class CommandTable {
  /** One command: {@code paths} has the usual name first. */
  public record Entry(String id, List<String> paths, String summary) {
    /** The usual name. */
    public String path() {
      return paths.getFirst();
    }
  }

  private static final String[] LINES = {
    "run|run,container run|Create and run a new container from an image",
    "exec|exec,container exec|Execute a command in a running container",
    "ps|ps,container ls,container list,container ps|List containers",
    "build|build,image build,builder build|Build an image from a Dockerfile",
    "bootstrap|bootstrap,image bootstrap|Make a base image from the host's own package mirror",
    "pull|pull,image pull|Download an image from a registry",
    "images|images,image ls,image list|List images",
    "version|version|Show the Kemas version information",
    "info|info,system info|Display system-wide information",
    "doctor|doctor,system doctor|Check what this host offers to the engine and how to mend what is missing",
    "attach|attach,container attach|Attach local standard input, output, and error streams to a running container",
    "completion|completion|Print a completion script for bash, zsh or fish",
    "create|create,container create|Create a new container",
    "events|events,system events|Get real time events from the server",
    "export|export,container export|Export a container's filesystem as a tar archive",
    "history|history,image history|Show the history of an image",
    "import|import,image import|Import the contents from a tarball to create a filesystem image",
    "init|init|Write a Dockerfile, .dockerignore and compose.yaml for the project in a folder",
    "inspect|inspect|Return low-level information on Kemas objects",
    "kill|kill,container kill|Kill one or more running containers",
    "load|load,image load|Load an image from a tar archive or STDIN",
    "login|login|Authenticate to a registry",
    "logout|logout|Log out from a registry",
    "logs|logs,container logs|Fetch the logs of a container",
    "pause|pause,container pause|Pause all processes within one or more containers",
    "port|port,container port|List port mappings or a specific mapping for the container",
    "push|push,image push|Upload an image to a registry",
    "rename|rename,container rename|Rename a container",
    "restart|restart,container restart|Restart one or more containers",
    "rm|rm,container rm,container remove|Remove one or more containers",
    "rmi|rmi,image rm,image remove|Remove one or more images",
    "save|save,image save|Save one or more images to a tar archive (streamed to STDOUT by default)",
    "search|search|Search a registry for images",
    "start|start,container start|Start one or more stopped containers",
    "stop|stop,container stop|Stop one or more running containers",
    "tag|tag,image tag|Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE",
    "top|top,container top|Display the running processes of a container",
    "unpause|unpause,container unpause|Unpause all processes within one or more containers",
    "wait|wait,container wait|Block until one or more containers stop, then print their exit codes",
    "builder.prune|builder prune|Remove build cache",
    "container.inspect|container inspect|Display detailed information on one or more containers",
    "container.prune|container prune|Remove all stopped containers",
    "image.inspect|image inspect|Display detailed information on one or more images",
    "image.prune|image prune|Remove unused images",
    "manifest.annotate|manifest annotate|Add additional information to a local image manifest",
    "manifest.create|manifest create|Create a local manifest list for annotating and pushing to a registry",
    "manifest.inspect|manifest inspect|Display an image manifest, or manifest list",
    "manifest.push|manifest push|Push a manifest list to a repository",
    "manifest.rm|manifest rm|Delete one or more manifest lists from local storage",
    "network.connect|network connect|Connect a container to a network",
    "network.create|network create|Create a network",
    "network.disconnect|network disconnect|Disconnect a container from a network",
    "network.inspect|network inspect|Display detailed information on one or more networks",
    "network.ls|network ls,network list|List networks",
    "network.prune|network prune|Remove all unused networks",
    "network.rm|network rm,network remove|Remove one or more networks",
    "registry.serve|registry serve|Serve images to other machines",
    "system.df|system df|Show disk usage",
    "system.prune|system prune|Remove unused data",
    "volume.create|volume create|Create a volume",
    "volume.inspect|volume inspect|Display detailed information on one or more volumes",
    "volume.ls|volume ls,volume list|List volumes",
    "volume.prune|volume prune|Remove unused local volumes",
    "volume.rm|volume rm,volume remove|Remove one or more volumes",
  };

  /** The groups and what they are for. */
  private static final String[] GROUPS = {
    "builder|Manage builds",
    "container|Manage containers",
    "image|Manage images",
    "manifest|Put images of several platforms together under one name",
    "network|Manage networks",
    "registry|Run a registry",
    "system|Manage Kemas",
    "volume|Manage volumes",
  };

  /** How many lines at the start are shown first in the help. */
  private static final int COMMON = 10;

  private CommandTable() {}

  private static Entry entry(String line) {
    int first = line.indexOf('|');
    int second = line.indexOf('|', first + 1);
    List<String> paths = List.of(line.substring(first + 1, second).split(",", -1));
    return new Entry(line.substring(0, first), paths, line.substring(second + 1));
  }

  /** The command that is called by {@code path}, words parted by single spaces. */
  public static Optional<Entry> find(String path) {
    String inMiddle = "," + path + ",";
    for (String line : LINES) {
      int first = line.indexOf('|');
      int second = line.indexOf('|', first + 1);
      String paths = line.substring(first + 1, second);
      if (paths.equals(path)
          || (paths.indexOf(path) >= 0 && ("," + paths + ",").indexOf(inMiddle) >= 0)) {
        return Optional.of(entry(line));
      }
    }
    return Optional.empty();
  }

  /** All commands. */
  public static List<Entry> all() {
    List<Entry> all = new ArrayList<>();
    for (String line : LINES) {
      all.add(entry(line));
    }
    return all;
  }

  /** The commands that a newcomer meets first. */
  static List<Entry> common() {
    return all().subList(0, COMMON);
  }

  /** The other commands that are called by one word. */
  static List<Entry> others() {
    List<Entry> others = new ArrayList<>();
    for (Entry entry : all().subList(COMMON, LINES.length)) {
      if (entry.path().indexOf(' ') < 0) {
        others.add(entry);
      }
    }
    return others;
  }

  /** Names and sentences of the groups. */
  public static List<String[]> groups() {
    List<String[]> groups = new ArrayList<>();
    for (String line : GROUPS) {
      groups.add(line.split("\\|", -1));
    }
    return groups;
  }

  /** What a group is for; empty where there is no such group. */
  public static Optional<String> group(String name) {
    for (String line : GROUPS) {
      if (line.startsWith(name + "|")) {
        return Optional.of(line.substring(name.length() + 1));
      }
    }
    return Optional.empty();
  }

  /** The commands of a group: the second word of the path and the sentence. */
  public static List<String[]> members(String group) {
    List<String[]> members = new ArrayList<>();
    for (Entry entry : all()) {
      for (String path : entry.paths()) {
        if (path.startsWith(group + " ")) {
          members.add(new String[] {path.substring(group.length() + 1), entry.summary()});
          break;
        }
      }
    }
    members.sort((a, b) -> a[0].compareTo(b[0]));
    return members;
  }

  /** The known name that is nearest to a mistyped one; empty where none is near. */
  public static Optional<String> nearest(String word, List<String> known) {
    int best = Math.min(3, Math.max(2, word.length() / 2));
    Optional<String> found = Optional.empty();
    for (String name : known) {
      int distance = distance(word, name);
      if (distance < best) {
        best = distance;
        found = Optional.of(name);
      }
    }
    return found;
  }

  /** Edit distance; a swap of neighbours counts one. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
