package dev.kemas.cli.init;

import dev.kemas.api.client.Json;
import dev.kemas.cli.command.Exit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Recognises a Node project. */
final class NodeScout {
  private static final String PRESET = "22";

  private NodeScout() {}

  /** Who installs, and how. */
  private record Packager(
      String shown,
      List<String> files,
      String cache,
      String all,
      String only,
      String prune,
      boolean corepack) {}

  static Optional<Proposal> look(ProjectFolder project) {
    return project
        .text("package.json")
        .map(text -> {
          try {
            return proposal(project, Json.parse(text));
          } catch (IllegalArgumentException e) {
            throw new Exit(
                1, "kemas: package.json is no JSON: " + e.getMessage() + ": mend it first", e);
          }
        });
  }

  private static Proposal proposal(ProjectFolder project, Json json) {
    Set<String> names = new HashSet<>(json.get("dependencies").fields().keySet());
    Set<String> tools = new HashSet<>(json.get("devDependencies").fields().keySet());
    Packager packager = packager(project, json);
    Proposal.Choice version = version(project, json);
    boolean builds = !json.get("scripts").text("build").isEmpty();
    List<Proposal.Choice> found = new ArrayList<>();
    List<String> advice = new ArrayList<>();
    found.add(new Proposal.Choice(packager.shown(), "installs what its lock file names"));
    found.add(new Proposal.Choice("Node " + version.what(), version.why()));
    if (builds) {
      found.add(
          new Proposal.Choice(
              "builds", "the script build" + (tools.contains("typescript") ? ", TypeScript" : "")));
    }
    if (packager.files().stream().filter(f -> f.contains("lock")).noneMatch(project::has)) {
      advice.add(
          "there is no lock file and the build needs it: run npm install --package-lock-only");
    }
    boolean next = names.contains("next");
    boolean pages = builds && !next && isPages(names, tools, json);
    List<String> command = command(json, next);
    OptionalInt port = pages ? OptionalInt.of(8080) : port(project, names);
    found.add(
        new Proposal.Choice(
            "starts",
            pages
                ? "a web server with the built pages, port 8080"
                : String.join(" ", command)
                    + (port.isPresent() ? ", port " + port.getAsInt() : "")));
    String dockerfile =
        pages
            ? pages(version.what(), packager, outputFolder(tools))
            : server(version.what(), packager, builds, command, port);
    return new Proposal(
        "Node",
        found,
        dockerfile,
        List.of("node_modules", "**/node_modules", "dist", "build", ".next", "coverage", ".cache"),
        port,
        List.of(),
        List.of(),
        advice);
  }

  private static Packager packager(ProjectFolder project, Json json) {
    if (project.has("pnpm-lock.yaml")) {
      return new Packager(
          "pnpm",
          List.of("package.json", "pnpm-lock.yaml"),
          "/root/.local/share/pnpm/store",
          "pnpm install --frozen-lockfile",
          "pnpm install --frozen-lockfile --prod",
          "pnpm prune --prod",
          true);
    }
    if (project.has("yarn.lock")) {
      boolean berry =
          project.has(".yarnrc.yml") || json.text("packageManager").matches("yarn@[2-9].*");
      return berry
          ? new Packager(
              "Yarn",
              List.of("package.json", "yarn.lock", ".yarnrc.yml"),
              "/root/.yarn/berry/cache",
              "yarn install --immutable",
              "yarn install --immutable",
              "yarn workspaces focus --all --production",
              true)
          : new Packager(
              "Yarn",
              List.of("package.json", "yarn.lock"),
              "/usr/local/share/.cache/yarn",
              "yarn install --frozen-lockfile",
              "yarn install --frozen-lockfile --production",
              "yarn install --frozen-lockfile --production --ignore-scripts",
              false);
    }
    return new Packager(
        "npm",
        List.of("package.json", "package-lock.json"),
        "/root/.npm",
        "npm ci",
        "npm ci --omit=dev",
        "npm prune --omit=dev",
        false);
  }

  private static Proposal.Choice version(ProjectFolder project, Json json) {
    for (String file : List.of(".nvmrc", ".node-version")) {
      Optional<String> said = project.find(file, "^v?(\\d+)");
      if (said.isPresent()) {
        return new Proposal.Choice(said.get(), "says " + file);
      }
    }
    String engines = json.get("engines").text("node");
    Optional<String> lowest = ProjectFolder.first(engines, "(\\d+)");
    if (lowest.isPresent()) {
      boolean open =
          engines.contains(">=")
              && Integer.parseInt(lowest.get()) < Integer.parseInt(PRESET)
              && !engines.contains("<");
      return new Proposal.Choice(
          open ? PRESET : lowest.get(), "fits \"" + engines + "\" of package.json");
    }
    return new Proposal.Choice(PRESET, "nothing says another one");
  }

  private static boolean isPages(Set<String> names, Set<String> tools, Json json) {
    boolean bundler =
        tools.contains("vite")
            || names.contains("vite")
            || names.contains("react-scripts")
            || tools.contains("@angular/cli")
            || tools.contains("@vue/cli-service");
    String start = json.get("scripts").text("start");
    return bundler && !start.startsWith("node ");
  }

  private static String outputFolder(Set<String> tools) {
    return tools.contains("vite") || tools.contains("@vue/cli-service") ? "dist" : "build";
  }

  private static List<String> command(Json json, boolean next) {
    if (next) {
      return List.of("node", "node_modules/next/dist/bin/next", "start");
    }
    String start = json.get("scripts").text("start");
    if (start.matches("node [\\w./@ =:-]+")) {
      return List.of(start.split(" +", -1));
    }
    if (!start.isEmpty()) {
      return List.of("npm", "start");
    }
    String main = json.text("main");
    return List.of("node", main.isEmpty() ? "index.js" : main);
  }

  private static OptionalInt port(ProjectFolder project, Set<String> names) {
    boolean serves =
        List.of("express", "fastify", "koa", "hapi", "next", "hono", "@nestjs/core", "@hapi/hapi")
            .stream()
            .anyMatch(names::contains);
    List<String> sources = new ArrayList<>(project.sources(".js"));
    sources.addAll(project.sources(".ts"));
    sources.addAll(project.sources(".mjs"));
    for (String file : sources) {
      String text = project.text(file).orElse("");
      if (serves || text.contains("createServer(") || text.contains(".listen(")) {
        Optional<String> port =
            ProjectFolder.first(
                text,
                "(?:PORT\\s*(?:\\|\\||\\?\\?)\\s*['\"]?|listen\\(\\s*|port\\s*[=:]\\s*)(\\d{2,5})");
        if (port.isPresent()) {
          return OptionalInt.of(Integer.parseInt(port.get()));
        }
      }
    }
    return serves ? OptionalInt.of(3000) : OptionalInt.empty();
  }

  private static void install(List<String> lines, Packager packager, String command) {
    lines.add("WORKDIR /app");
    if (packager.corepack()) {
      lines.add("RUN corepack enable");
    }
    lines.add("COPY " + String.join(" ", packager.files()) + " ./");
    lines.add("RUN --mount=type=cache,target=" + packager.cache() + " " + command);
  }

  private static String server(
      String version, Packager packager, boolean builds, List<String> command, OptionalInt port) {
    List<String> lines = new ArrayList<>();
    lines.add("FROM node:" + version + "-slim AS build");
    install(lines, packager, builds ? packager.all() : packager.only());
    lines.add("COPY . .");
    if (builds) {
      lines.add(
          "RUN --mount=type=cache,target="
              + packager.cache()
              + " npm run build && "
              + packager.prune());
    }
    lines.add("");
    lines.add("FROM node:" + version + "-slim");
    lines.add("ENV NODE_ENV=production");
    lines.add("WORKDIR /app");
    lines.add("COPY --from=build /app ./");
    lines.add("USER node");
    if (port.isPresent()) {
      lines.add("EXPOSE " + port.getAsInt());
      String check =
          ("fetch('http://127.0.0.1:%d/').then(r => process.exit(r.status < 500 ?"
                  + " 0 : 1), () => process.exit(1))")
              .formatted(port.getAsInt());
      lines.add("HEALTHCHECK --start-period=30s CMD " + Texts.exec(List.of("node", "-e", check)));
    }
    lines.add("CMD " + Texts.exec(command));
    return String.join("\n", lines) + "\n";
  }

  private static String pages(String version, Packager packager, String output) {
    List<String> lines = new ArrayList<>();
    lines.add("FROM node:" + version + "-slim AS build");
    install(lines, packager, packager.all());
    lines.add("COPY . .");
    lines.add("RUN npm run build");
    lines.add("");
    lines.add("FROM nginxinc/nginx-unprivileged:1.27-alpine");
    lines.add("COPY --from=build /app/" + output + " /usr/share/nginx/html");
    lines.add("EXPOSE 8080");
    lines.add(
        "HEALTHCHECK CMD "
            + Texts.exec(List.of("wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/")));
    return String.join("\n", lines) + "\n";
  }
}
