package dev.kemas.cli.init;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Recognises a Java project. */
final class JavaScout {
  private static final String PRESET = "21";
  private static final String FIND_JAR =
      ("cp \"$(ls %s/*.jar | grep -vE '(-sources|-javadoc|-plain)[.]jar$|/original-'"
          + " | head -n 1)\" /app.jar");

  private JavaScout() {}

  static Optional<Proposal> look(ProjectFolder project) {
    if (project.has("pom.xml")) {
      return Optional.of(maven(project));
    }
    for (String file : List.of("build.gradle.kts", "build.gradle")) {
      if (project.has(file)) {
        return Optional.of(gradle(project, file));
      }
    }
    return Optional.empty();
  }

  private static Proposal maven(ProjectFolder project) {
    String pom = project.text("pom.xml").orElse("");
    Optional<String> said =
        ProjectFolder.first(
            pom,
            ("<(?:java\\.version|maven\\.compiler\\.release|maven\\.compiler\\.target|"
                + "release)>\\s*(?:1\\.)?(\\d+)"));
    String version = said.orElse(PRESET);
    boolean spring = pom.contains("spring-boot");
    boolean modules = pom.contains("<modules>");
    List<String> lines = new ArrayList<>();
    lines.add("FROM maven:3.9-eclipse-temurin-" + version + " AS build");
    lines.add("WORKDIR /src");
    String cached = "RUN --mount=type=cache,target=/root/.m2 mvn -B -ntp ";
    if (!modules) {
      lines.add("COPY pom.xml ./");
      lines.add(cached + "dependency:go-offline");
    }
    lines.add(modules ? "COPY . ." : "COPY src ./src");
    List<String> command = List.of("java", "-jar", "/app/app.jar");
    Optional<String> main = mainClass(project);
    boolean runnable = spring || pom.contains("<mainClass>") || pom.contains("maven-shade-plugin");
    String jar = FIND_JAR.formatted(modules ? "*/target" : "target");
    boolean libraries = !runnable && main.isPresent() && !modules;
    if (libraries) {
      lines.add(
          cached
              + ("package dependency:copy-dependencies -DskipTests -DincludeScope=runtime"
                  + " -DoutputDirectory=/lib && mkdir -p /lib && ")
              + jar);
      command = List.of("java", "-cp", "/app/app.jar:/app/lib/*", main.orElseThrow());
    } else {
      lines.add(cached + "package -DskipTests && " + jar);
    }
    List<String> advice = new ArrayList<>();
    if (modules) {
      advice.add(
          "the project has several modules: look at which jar the Dockerfile copies to /app.jar");
    }
    Proposal.Choice builder = new Proposal.Choice("Maven", "there is pom.xml");
    return proposal(
        project, builder, java(said, "pom.xml"), spring, lines, libraries, command, advice, pom);
  }

  private static Proposal gradle(ProjectFolder project, String file) {
    String build = project.text(file).orElse("");
    Optional<String> said =
        ProjectFolder.first(
            build,
            "(?:JavaLanguageVersion\\.of\\(|jvmToolchain\\(|VERSION_|(?:source|target)Compatibility\\s*=\\s*['\"]?)(?:1\\.)?(\\d+)");
    Optional<String> wrapper =
        project.find("gradle/wrapper/gradle-wrapper.properties", "gradle-(\\d+\\.\\d+)");
    String version = said.orElse(PRESET);
    boolean spring = build.contains("org.springframework.boot");
    boolean application =
        build.matches(
            ("(?s).*(id\\(?\\s*['\"]application['\"]|^\\s*application\\b|`application`|"
                + "plugin:\\s*['\"]application['\"]).*"));
    String name = rootName(project);
    List<String> lines = new ArrayList<>();
    lines.add("FROM gradle:" + wrapper.orElse("8.10") + "-jdk" + version + " AS build");
    lines.add("WORKDIR /src");
    List<String> scripts =
        List.of(
                "settings.gradle",
                "settings.gradle.kts",
                "build.gradle",
                "build.gradle.kts",
                "gradle.properties")
            .stream()
            .filter(project::has)
            .toList();
    lines.add("COPY " + String.join(" ", scripts) + " ./");
    String cached = "RUN --mount=type=cache,target=/home/gradle/.gradle gradle --no-daemon -q ";
    lines.add(cached + "dependencies");
    lines.add("COPY . .");
    List<String> command = List.of("java", "-jar", "/app/app.jar");
    List<String> advice = new ArrayList<>();
    boolean installed = application && !spring;
    if (installed) {
      lines.add(cached + "installDist && cp -r build/install/" + name + " /dist");
      command = List.of("/app/bin/" + name);
    } else {
      lines.add(cached + (spring ? "bootJar" : "jar") + " && " + FIND_JAR.formatted("build/libs"));
      if (!spring) {
        advice.add(
            "neither Spring Boot nor the application plugin: the jar must name its Main-Class");
      }
    }
    Proposal.Choice builder =
        new Proposal.Choice(
            "Gradle" + wrapper.map(v -> " " + v).orElse(""),
            wrapper.isPresent() ? "says its wrapper" : "there is " + file);
    if (installed) {
      lines.addAll(runtime(version, "COPY --from=build /dist ./", project, build));
      return finish(project, builder, java(said, file), spring, lines, command, advice, build);
    }
    return proposal(
        project, builder, java(said, file), spring, lines, false, command, advice, build);
  }

  private static Proposal.Choice java(Optional<String> said, String file) {
    return said.map(v -> new Proposal.Choice("Java " + v, "says " + file))
        .orElse(new Proposal.Choice("Java " + PRESET, "nothing says another one"));
  }

  private static Proposal proposal(
      ProjectFolder project,
      Proposal.Choice builder,
      Proposal.Choice java,
      boolean spring,
      List<String> lines,
      boolean libraries,
      List<String> command,
      List<String> advice,
      String build) {
    String version = java.what().substring(java.what().indexOf(' ') + 1);
    String copy =
        (libraries ? "COPY --from=build /lib ./lib\n" : "") + "COPY --from=build /app.jar ./";
    lines.addAll(runtime(version, copy, project, build));
    return finish(project, builder, java, spring, lines, command, advice, build);
  }

  private static List<String> runtime(
      String version, String copy, ProjectFolder project, String build) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("FROM eclipse-temurin:" + version + "-jre");
    lines.add("ENV JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=75");
    lines.add("RUN useradd --uid 10001 --create-home app");
    lines.add("WORKDIR /app");
    lines.add(copy);
    lines.add("USER app");
    port(project, build)
        .ifPresent(port -> {
          lines.add("EXPOSE " + port);
          lines.add(
              "HEALTHCHECK --start-period=60s CMD "
                  + Texts.exec(List.of("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" + port)));
        });
    return lines;
  }

  private static Proposal finish(
      ProjectFolder project,
      Proposal.Choice builder,
      Proposal.Choice java,
      boolean spring,
      List<String> lines,
      List<String> command,
      List<String> advice,
      String build) {
    OptionalInt port = port(project, build);
    lines.add("CMD " + Texts.exec(command));
    List<Proposal.Choice> found = new ArrayList<>(List.of(builder, java));
    if (spring) {
      found.add(new Proposal.Choice("Spring Boot", "one jar that runs by itself"));
    }
    found.add(
        new Proposal.Choice(
            "starts",
            String.join(" ", command) + (port.isPresent() ? ", port " + port.getAsInt() : "")));
    return new Proposal(
        "Java",
        found,
        String.join("\n", lines) + "\n",
        List.of("target", "**/target", "build", "**/build", ".gradle", "*.iml"),
        port,
        List.of(),
        List.of(),
        advice);
  }

  private static OptionalInt port(ProjectFolder project, String build) {
    boolean web =
        build.contains("starter-web")
            || build.contains("javalin")
            || build.contains("quarkus")
            || build.contains("micronaut")
            || build.contains("helidon");
    if (!web) {
      return OptionalInt.empty();
    }
    Optional<String> said =
        project
            .find("src/main/resources/application.properties", "server\\.port\\s*=\\s*(\\d+)")
            .or(() ->
                project.find(
                    "src/main/resources/application.yml", "server:\\s*\\n\\s+port:\\s*(\\d+)"));
    return OptionalInt.of(said.map(Integer::parseInt).orElse(8080));
  }

  private static Optional<String> mainClass(ProjectFolder project) {
    for (String file : project.sources(".java")) {
      String text = project.text(file).orElse("");
      if (text.contains("static void main(")) {
        String name = file.substring(file.lastIndexOf('/') + 1).replace(".java", "");
        return Optional.of(
            ProjectFolder.first(text, "^package\\s+([\\w.]+)\\s*;")
                .map(p -> p + "." + name)
                .orElse(name));
      }
    }
    return Optional.empty();
  }

  private static String rootName(ProjectFolder project) {
    for (String file : List.of("settings.gradle", "settings.gradle.kts")) {
      Optional<String> name = project.find(file, "rootProject\\.name\\s*=\\s*['\"]([^'\"]+)");
      if (name.isPresent()) {
        return name.get();
      }
    }
    return project.name();
  }
}
