package dev.kemas.build.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The largest Dockerfiles that are planned, in a process with a small heap; larger are refused. */
final class PlanBoundsTest {
  private static final String HEAP = "-Xmx96m";

  @TempDir Path folder;

  /** Plans the Dockerfile of the path that it is given. */
  public static void main(String[] args) throws IOException {
    try {
      Plan plan = plan(Files.readString(Path.of(args[0])));
      System.out.print("planned " + plan.steps());
    } catch (Fault fault) {
      System.out.print(fault.getMessage());
    }
  }

  private static Plan plan(String text) {
    PlanRequest request =
        new PlanRequest(
            Map.of(),
            new TreeMap<>(),
            "",
            Platform.of("linux", "amd64"),
            "default",
            Map.of(),
            Optional.empty());
    return new Planner(
            Dockerfile.parse("Dockerfile", text),
            request,
            wanted -> {
              throw new Fault.NotFound("image", wanted.name(), "there are no images");
            })
        .plan();
  }

  /** What planning it in a small heap leads to. */
  private String small(String dockerfile) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("Dockerfile"), dockerfile);
    Path out = folder.resolve("out");
    Process java =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    HEAP,
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    PlanBoundsTest.class.getName(),
                    file.toString()))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(java.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  private static String lines(int count, IntFunction<String> line) {
    return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining());
  }

  private static String chain(int stages, IntFunction<String> line) {
    return "FROM scratch AS s0\n"
        + lines(stages - 1, i -> "FROM s%d AS s%d\n%s\n".formatted(i, i + 1, line.apply(i)));
  }

  @Test
  void athousandStagesUponEachOtherArePlanned() throws Exception {
    assertThat(small(chain(1000, i -> "ENV VARIABLE_%d=value".formatted(i))))
        .isEqualTo("planned 1999");
  }

  @Test
  void tenThousandInstructionsArePlanned() throws Exception {
    assertThat(small("FROM scratch\n" + lines(9_999, i -> "ENV VARIABLE_%d=value\n".formatted(i))))
        .isEqualTo("planned 10000");
    assertThat(
            small(
                "FROM scratch\n"
                    + lines(40, i -> "ENV VARIABLE_%d=value\n".formatted(i))
                    + lines(4_000, i -> "RUN step %d\n".formatted(i))))
        .isEqualTo("planned 4041");
  }

  @Test
  void moreIsRefused() {
    assertThatThrownBy(() -> plan(chain(1001, i -> "ENV A=b")))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("1001 stages, and 1000 are the most");
    assertThatThrownBy(() -> plan("FROM scratch\n" + "ENV A=b\n".repeat(10_000)))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("10001 instructions, and 10000 are the most");
    assertThatThrownBy(() -> plan("FROM scratch\n" + "#".repeat(4 << 20)))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("characters, and 4194304 are the most");
  }

  @Test
  void whatGrowsWithoutBoundIsRefusedBeforeTheHeapIsFull() throws Exception {
    String many =
        "FROM scratch\n"
            + lines(4_999, i -> "ENV VARIABLE_%d=value\nRUN step %d\n".formatted(i, i));
    assertThat(small(many)).contains("hold more variables, labels and steps");
    assertThat(small(chain(1000, i -> "LABEL" + lines(20, n -> " l%d_%d=x".formatted(i, n)))))
        .contains("hold more variables, labels and steps");
    String doubling =
        "FROM scratch\nENV A0=0123456789abcdef\n"
            + lines(40, i -> "ENV A%d=$A%d$A%d\n".formatted(i + 1, i, i));
    assertThat(small(doubling)).contains("longer than 1048576 characters").contains("Dockerfile:");
    assertThat(small(doubling.replace("ENV", "ARG"))).contains("longer than 1048576 characters");
    String copies =
        "FROM scratch\nENV A0=0123456789abcdef\n"
            + lines(15, i -> "ENV A%d=$A%d$A%d\n".formatted(i + 1, i, i))
            + lines(9_000, i -> "ARG B%d=$A15\n".formatted(i));
    assertThat(small(copies)).contains("with its variables expanded");
    String replaced =
        "FROM scratch\nENV A0=aaaaaaaaaaaaaaaa\n"
            + lines(12, i -> "ENV A%d=$A%d$A%d\n".formatted(i + 1, i, i))
            + "ENV B=${A12//a/$A12}\n";
    assertThat(small(replaced)).contains("longer than 1048576 characters");
  }

  @Test
  void stagesShareWhatTheyTakeOver() {
    Plan plan = plan(chain(3, i -> "ENV VARIABLE_%d=value".formatted(i)));
    List<String> one = plan.stages().get(1).config().env();
    List<String> two = plan.stages().get(2).config().env();
    assertThat(Optional.of(two.get(1))).containsSame(one.get(1));
  }
}
