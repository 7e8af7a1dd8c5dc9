package dev.kemas.cli.init;

import java.util.List;

/** The texts that all languages have in common. */
final class Texts {
  private static final List<String> IGNORED =
      List.of(
          ".git",
          ".gitignore",
          ".github",
          ".gitlab-ci.yml",
          ".idea",
          ".vscode",
          ".DS_Store",
          "**/*.log",
          ".env",
          ".env.*",
          "!.env.example",
          "Dockerfile*",
          ".dockerignore",
          "compose*.yaml",
          "docker-compose*.yml");

  private Texts() {}

  static String dockerignore(Proposal proposal) {
    StringBuilder text = new StringBuilder("# what the image does not need\n");
    IGNORED.forEach(line -> text.append(line).append('\n'));
    proposal.ignored().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  static String compose(Proposal proposal, String name) {
    StringBuilder text = new StringBuilder("services:\n  app:\n    build: .\n    image: ");
    text.append(name).append('\n');
    proposal
        .port()
        .ifPresent(port ->
            text.append("    ports:\n      - \"")
                .append(port + ":" + port)
                .append("\"\n")
                .append("    restart: unless-stopped\n"));
    proposal.service().forEach(line -> text.append("    ").append(line).append('\n'));
    if (!proposal.volumes().isEmpty()) {
      text.append("\nvolumes:\n");
      proposal.volumes().forEach(volume -> text.append("  ").append(volume).append(":\n"));
    }
    return text.toString();
  }

  /** Words as the exec form has them. */
  static String exec(List<String> words) {
    StringBuilder text = new StringBuilder("[");
    for (String word : words) {
      text.append(text.length() == 1 ? "\"" : ", \"");
      text.append(word.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }
    return text.append(']').toString();
  }
}
