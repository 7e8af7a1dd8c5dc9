package dev.kemas.cli.completion;

import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.CommandTable;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import dev.kemas.flag.UsageError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** {@code kemas completion SHELL}: generated from the definitions of the commands. */
public final class Completion extends Command {
  private final Function<String, Command> factory;

  /**
   * @param factory makes a command of an id
   */
  public Completion(Function<String, Command> factory) {
    this.factory = factory;
  }

  @Override
  public String usage() {
    return "bash|zsh|fish";
  }

  @Override
  public int least() {
    return 1;
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "source <(kemas completion bash)",
        "kemas completion zsh > \"${fpath[1]}/_kemas\"",
        "kemas completion fish > ~/.config/fish/completions/kemas.fish");
  }

  @Override
  public int run(Session session, Flags flags) {
    String shell = flags.arguments().getFirst();
    session
        .console()
        .print(
            switch (shell) {
              case "bash" -> bash();
              case "zsh" ->
                  "#compdef kemas\nautoload -U +X bashcompinit && bashcompinit\n" + bash();
              case "fish" -> fish();
              default ->
                  throw new UsageError(
                      "no completion for the shell \"" + shell + "\": use bash, zsh or fish");
            });
    return 0;
  }

  /** A path a command is called by, its options, and what its arguments are. */
  private record Path(String words, List<String> options, String arguments, String summary) {}

  private List<Path> paths() {
    List<Path> paths = new ArrayList<>();
    for (CommandTable.Entry entry : CommandTable.all()) {
      Command command = factory.apply(entry.id());
      Flags flags = new Flags();
      command.declare(flags);
      for (String words : entry.paths()) {
        paths.add(new Path(words, flags.names(), command.completes(), entry.summary()));
      }
    }
    return paths;
  }

  private static String topWords() {
    List<String> words = new ArrayList<>();
    for (String[] group : CommandTable.groups()) {
      words.add(group[0]);
    }
    for (CommandTable.Entry entry : CommandTable.all()) {
      if (entry.path().indexOf(' ') < 0) {
        words.add(entry.path());
      }
    }
    return String.join(" ", words);
  }

  private static String names(String kind) {
    return switch (kind) {
      case "containers" -> "kemas ps -a --format '{{.Names}}'";
      case "running" -> "kemas ps --format '{{.Names}}'";
      case "images" -> "kemas images --format '{{.Repository}}:{{.Tag}}'";
      case "volumes" -> "kemas volume ls -q";
      case "networks" -> "kemas network ls --format '{{.Name}}'";
      default -> "";
    };
  }

  private String bash() {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        # completion of kemas for bash; made by: kemas completion bash
        _kemas() {
          local current=${COMP_WORDS[COMP_CWORD]} path='' options='' names='' word i
          for ((i = 1; i < COMP_CWORD; i++)); do
            word=${COMP_WORDS[i]}
            case $word in
              -H|--host|-c|--context|-l|--log-level) ((i++)) ;;
              -*) ;;
              *)
                if [ -z "$path" ]; then path=$word
                elif [[ " GROUPS " == *" $path "* ]]; then path="$path $word"; break
                else break; fi ;;
            esac
          done
          case $path in
            '') options='TOP' ;;
        """
            .replace("GROUPS", groupWords())
            .replace("TOP", topWords() + " --help --host --version"));
    for (String[] group : CommandTable.groups()) {
      List<String> members = new ArrayList<>();
      for (String[] member : CommandTable.members(group[0])) {
        members.add(member[0]);
      }
      String words = String.join(" ", members);
      out.append("    ").append(group[0]).append(") options='").append(words).append("' ;;\n");
    }
    for (Path path : paths()) {
      out.append("    '").append(path.words()).append("') options='--help ");
      out.append(String.join(" ", path.options())).append('\'');
      if (!names(path.arguments()).isEmpty()) {
        out.append("; names=").append(path.arguments());
      }
      out.append(" ;;\n");
    }
    out.append("  esac\n  if [[ $current != -* && -n $names ]]; then\n    case $names in\n");
    for (String kind : List.of("containers", "running", "images", "volumes", "networks")) {
      out.append("      ").append(kind).append(") options=$(");
      out.append(names(kind)).append(" 2>/dev/null) ;;\n");
    }
    out.append(
        """
            esac
          fi
          COMPREPLY=($(compgen -W "$options" -- "$current"))
          [[ -n $names && ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
          declare -F __ltrim_colon_completions >/dev/null && __ltrim_colon_completions "$current"
          return 0
        }
        complete -o default -F _kemas kemas
        """);
    return out.toString();
  }

  private static String groupWords() {
    List<String> words = new ArrayList<>();
    for (String[] group : CommandTable.groups()) {
      words.add(group[0]);
    }
    return String.join(" ", words);
  }

  private String fish() {
    StringBuilder out = new StringBuilder();
    out.append("# completion of kemas for fish; made by: kemas completion fish\n");
    out.append("complete -c kemas -f\n");
    for (String[] group : CommandTable.groups()) {
      top(out, group[0], group[1]);
      for (String[] member : CommandTable.members(group[0])) {
        out.append("complete -c kemas -n '__fish_seen_subcommand_from ").append(group[0]);
        out.append("' -a ").append(member[0]).append(" -d ").append(quoted(member[1]));
        out.append('\n');
      }
    }
    for (Path path : paths()) {
      if (path.words().indexOf(' ') >= 0) {
        continue;
      }
      top(out, path.words(), path.summary());
      String seen = " -n '__fish_seen_subcommand_from " + path.words() + "'";
      for (String option : path.options()) {
        out.append("complete -c kemas").append(seen).append(" -l ");
        out.append(option.substring(2)).append('\n');
      }
      if (!names(path.arguments()).isEmpty()) {
        out.append("complete -c kemas").append(seen).append(" -a \"(");
        out.append(names(path.arguments())).append(" 2>/dev/null)\"\n");
      }
    }
    return out.toString();
  }

  private static void top(StringBuilder out, String word, String summary) {
    out.append("complete -c kemas -n __fish_use_subcommand -a ").append(word);
    out.append(" -d ").append(quoted(summary)).append('\n');
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
