package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.build.explain.Cause;
import dev.kemas.build.explain.Explainer;
import dev.kemas.build.explain.Explanation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A project is built, changed in one thing and built again: exactly that thing is named. */
class ExplainTest {
  private static final String DOCKERFILE =
      """
      ARG PY=3.11
      FROM python:${PY} AS deps
      ARG INDEX=main
      ENV PIP_CACHE=no
      WORKDIR /app
      COPY requirements.txt .
      RUN install -r requirements.txt
      FROM python:${PY} AS assets
      COPY web/ /web/
      RUN bundle /web
      FROM python:${PY}
      LABEL v=1
      ENV MODE=prod
      WORKDIR /srv
      COPY --from=deps /app /srv/deps
      COPY --from=assets /web /srv/web
      COPY --from=tools:1 /etc /tools
      COPY src/ src/
      COPY config.json /etc/app/
      COPY <<EOF /etc/motd
      hello
      EOF
      RUN prepare
      RUN --mount=type=secret,id=token compile src
      USER app
      RUN check
      CMD ["serve"]
      """;

  @TempDir Path temp;
  private Project project;

  /** What may be changed. */
  private static final class Project {
    final Path context;
    final FakeEngine engine;
    final Builder builder;
    final Map<String, String> arguments = new TreeMap<>();
    final Map<String, String> labels = new TreeMap<>();
    String dockerfile = DOCKERFILE;
    String name = "project";
    String network = "default";
    boolean noCache;
    private final List<BuildEvent> events = Collections.synchronizedList(new ArrayList<>());

    Project(Path temp) throws IOException {
      context = Files.createDirectories(temp.resolve("context"));
      engine = new FakeEngine(Files.createDirectories(temp.resolve("engine")));
      builder = new Builder(engine.services());
      file("requirements.txt", "numpy==2.0\n");
      file("config.json", "{}");
      file("README.md", "read me");
      file("web/index.html", "<p>");
      file("web/deep/a.css", "p {}");
      file("src/main.py", "main");
      file("src/util.py", "util");
      Files.createSymbolicLink(context.resolve("src/link"), Path.of("main.py"));
      for (String config : List.of("python:3.11", "python:3.12", "tools:1")) {
        base(config, "1");
      }
    }

    void base(String name, String revision) {
      engine.baseConfigs.put(
          name,
          """
          {"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"]},
           "rootfs":{"type":"layers","diff_ids":["%s"]},
           "history":[{"created_by":"%s"}]}
          """
              .formatted(dev.kemas.build.plan.Facts.digest(name + revision), name));
    }

    void file(String path, String content) {
      try {
        Path file = context.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    void replace(String text, String other) {
      assertThat(dockerfile).contains(text);
      dockerfile = dockerfile.replace(text, other);
    }

    List<Explanation> build() {
      file("Dockerfile", dockerfile);
      file(".dockerignore", "Dockerfile\n.dockerignore\n" + ignored);
      events.clear();
      builder.build(
          BuildRequest.of(context)
              .withProject(name)
              .withBuildArguments(arguments)
              .withLabels(new TreeMap<>(labels))
              .withNetwork(network, List.of())
              .withFreshness(noCache, false),
          events::add,
          new Cancellation());
      return events.stream()
          .filter(BuildEvent.Explained.class::isInstance)
          .flatMap(event -> ((BuildEvent.Explained) event).steps().stream())
          .toList();
    }

    String ignored = "";
  }

  /** A change, and what is to be named. */
  record Mutation(String what, Change change, String... causes) {
    interface Change {
      void apply(Project project) throws IOException;
    }

    static Mutation of(String what, Change change, String... causes) {
      return new Mutation(what, change, causes);
    }

    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Mutation> mutations() {
    return Stream.of(
        Mutation.of(
            "a file is edited",
            p -> p.file("requirements.txt", "numpy==2.1\n"),
            "file requirements.txt changed"),
        Mutation.of(
            "a file in a folder is edited",
            p -> p.file("src/main.py", "other"),
            "file src/main.py changed"),
        Mutation.of("a file is added", p -> p.file("src/new.py", "new"), "file src/new.py added"),
        Mutation.of(
            "a file is removed",
            p -> Files.delete(p.context.resolve("src/util.py")),
            "file src/util.py removed"),
        Mutation.of(
            "a file becomes executable",
            p ->
                Files.setPosixFilePermissions(
                    p.context.resolve("src/main.py"), PosixFilePermissions.fromString("rwxr-xr-x")),
            "file src/main.py changed"),
        Mutation.of(
            "a file is renamed",
            p -> Files.move(p.context.resolve("src/util.py"), p.context.resolve("src/tools.py")),
            "file src/tools.py added",
            "file src/util.py removed"),
        Mutation.of(
            "a link leads elsewhere",
            p -> {
              Files.delete(p.context.resolve("src/link"));
              Files.createSymbolicLink(p.context.resolve("src/link"), Path.of("util.py"));
            },
            "file src/link changed"),
        Mutation.of(
            "a link becomes a file",
            p -> {
              Files.delete(p.context.resolve("src/link"));
              p.file("src/link", "main");
            },
            "file src/link changed"),
        Mutation.of(
            "a file of one COPY is edited",
            p -> p.file("config.json", "{\"a\":1}"),
            "file config.json changed"),
        Mutation.of(
            "a file of another stage is edited",
            p -> p.file("web/index.html", "<b>"),
            "file web/index.html changed"),
        Mutation.of(
            "a file deep in another stage is edited",
            p -> p.file("web/deep/a.css", "b {}"),
            "file web/deep/a.css changed"),
        Mutation.of(
            "an empty folder is added",
            p -> Files.createDirectory(p.context.resolve("web/empty")),
            "file web/empty added"),
        Mutation.of("a file that nothing copies is edited", p -> p.file("README.md", "x")),
        Mutation.of(
            "a file is touched",
            p ->
                Files.setLastModifiedTime(
                    p.context.resolve("src/main.py"), FileTime.from(Instant.ofEpochSecond(1)))),
        Mutation.of(
            "a file is left out", p -> p.ignored = "src/util.py\n", "file src/util.py removed"),
        Mutation.of(
            "a build argument is given",
            p -> p.arguments.put("INDEX", "mirror"),
            "build argument INDEX changed"),
        Mutation.of(
            "an argument's default is edited",
            p -> p.replace("INDEX=main", "INDEX=other"),
            "instruction ARG INDEX=other changed"),
        Mutation.of(
            "an argument of FROM is given",
            p -> p.arguments.put("PY", "3.12"),
            "build argument PY changed"),
        Mutation.of("a proxy is given", p -> p.arguments.put("HTTP_PROXY", "http://proxy:1")),
        Mutation.of(
            "a base image is another one",
            p -> p.base("python:3.11", "2"),
            "image python:3.11 changed"),
        Mutation.of(
            "an image is another one, with the same files where they are copied from",
            p -> p.base("tools:1", "2")),
        Mutation.of(
            "FROM is edited",
            p -> p.replace("FROM python:${PY}\nLABEL", "FROM python:3.12\nLABEL"),
            "instruction FROM python:3.12 changed"),
        Mutation.of(
            "ENV is edited",
            p -> p.replace("MODE=prod", "MODE=dev"),
            "instruction ENV MODE=dev changed"),
        Mutation.of(
            "ENV of another stage is edited",
            p -> p.replace("PIP_CACHE=no", "PIP_CACHE=yes"),
            "instruction ENV PIP_CACHE=yes changed"),
        Mutation.of(
            "ENV is added",
            p -> p.replace("WORKDIR /srv\n", "ENV NEW=1\nWORKDIR /srv\n"),
            "new instruction ENV NEW=1"),
        Mutation.of(
            "ENV is removed",
            p -> p.replace("ENV MODE=prod\n", ""),
            "instruction removed before it: ENV MODE=prod"),
        Mutation.of(
            "RUN is edited",
            p -> p.replace("RUN prepare", "RUN prepare --fast"),
            "instruction RUN prepare --fast changed"),
        Mutation.of(
            "RUN is added",
            p -> p.replace("RUN prepare\n", "RUN before\nRUN prepare\n"),
            "new instruction RUN before"),
        Mutation.of(
            "RUN is removed",
            p -> p.replace("RUN prepare\n", ""),
            "instruction removed before it: RUN prepare"),
        Mutation.of(
            "RUN of another stage is edited",
            p -> p.replace("RUN bundle /web", "RUN bundle --min /web"),
            "instruction RUN bundle --min /web changed"),
        Mutation.of(
            "WORKDIR is edited",
            p -> p.replace("WORKDIR /srv\n", "WORKDIR /opt\n"),
            "instruction WORKDIR /opt changed"),
        Mutation.of(
            "USER is edited",
            p -> p.replace("USER app", "USER other"),
            "instruction USER other changed"),
        Mutation.of(
            "SHELL is added",
            p -> p.replace("RUN prepare\n", "SHELL [\"/bin/bash\", \"-c\"]\nRUN prepare\n"),
            "new instruction SHELL [\"/bin/bash\", \"-c\"]"),
        Mutation.of(
            "LABEL is edited", p -> p.replace("v=1", "v=2"), "instruction LABEL v=2 changed"),
        Mutation.of(
            "CMD is edited",
            p -> p.replace("[\"serve\"]", "[\"run\"]"),
            "instruction CMD [\"run\"] changed"),
        Mutation.of(
            "a label is given", p -> p.labels.put("team", "ml"), "new instruction LABEL team=ml"),
        Mutation.of(
            "COPY goes elsewhere",
            p -> p.replace("COPY config.json /etc/app/", "COPY config.json /etc/other/"),
            "instruction COPY config.json /etc/other/ changed"),
        Mutation.of(
            "COPY takes another file",
            p -> p.replace("COPY config.json /etc/app/", "COPY README.md /etc/app/"),
            "instruction COPY README.md /etc/app/ changed"),
        Mutation.of(
            "COPY has another owner",
            p -> p.replace("COPY src/ src/", "COPY --chown=5:5 src/ src/"),
            "instruction COPY --chown=5:5 src/ src/ changed"),
        Mutation.of(
            "a here-document is edited",
            p -> p.replace("\nhello\n", "\ngood day\n"),
            "instruction COPY <<EOF /etc/motd changed"),
        Mutation.of(
            "another secret is asked for",
            p -> p.replace("id=token", "id=key"),
            "instruction RUN --mount=type=secret,id=key compile src changed",
            "secret key added",
            "secret token removed"),
        Mutation.of("RUN has another network", p -> p.network = "none", "network changed"),
        Mutation.of(
            "the cache is not to be used", p -> p.noCache = true, "the cache was not to be used"),
        Mutation.of(
            "the cache is gone",
            p -> p.engine.cache.clear(),
            "its result is not in the cache any more"),
        Mutation.of("it is another project", p -> p.name = "other", "first build"),
        Mutation.of("nothing is changed", p -> {}));
  }

  @BeforeEach
  void prepare() throws IOException {
    project = new Project(temp);
    project.build();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutations")
  void exactlyTheCauseIsNamed(Mutation mutation) throws IOException {
    mutation.change().apply(project);
    List<Explanation> explained = project.build();
    assertThat(Explainer.roots(explained).stream().map(ExplainTest::text))
        .containsExactlyInAnyOrder(mutation.causes());
  }

  private static String text(Cause cause) {
    return cause.text().replaceAll(" \\([0-9a-f]{12}( -> [0-9a-f]{12})?\\)$", "");
  }

  @Test
  void whatFollowsNamesTheFirstStepThatRan() {
    project.file("src/main.py", "other");
    List<Explanation> explained = project.build();
    List<Explanation> ran = explained.stream().filter(step -> !step.hit()).toList();
    int first = ran.getFirst().number();
    assertThat(ran.getFirst().first()).isEmpty();
    assertThat(ran.subList(1, ran.size()))
        .isNotEmpty()
        .allSatisfy(step -> {
          assertThat(step.first()).hasValue(first);
          assertThat(step.own()).isEmpty();
        });
    assertThat(Files.exists(project.context.resolve("src/link"), LinkOption.NOFOLLOW_LINKS))
        .isTrue();
  }
}
