package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** {@code docker buildx history}, in this process of the daemon and the next. */
final class BuildxHistoryTest extends BuildxEngine {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EXPLANATION = "application/vnd.kemas.build.explanation+json";

  private JsonNode inspected(String ref) throws IOException, InterruptedException {
    return JSON.readTree(
        run("buildx", "history", "inspect", ref, "--format", "json").expect(0).out());
  }

  private String lastRef() throws IOException, InterruptedException {
    String ls = run("buildx", "history", "ls", "--format", "{{json .}}").expect(0).out();
    String ref = JSON.readTree(ls.lines().findFirst().orElseThrow()).path("ref").textValue();
    return ref.substring(ref.lastIndexOf('/') + 1);
  }

  private JsonNode explained(String ref) throws IOException, InterruptedException {
    return JSON.readTree(
            run("buildx", "history", "inspect", "attachment", "--type", EXPLANATION, ref)
                .expect(0)
                .out())
        .path("explained");
  }

  @Test
  void buildsAreRememberedWithWhatTheyWereMadeOfAndWhy() throws IOException, InterruptedException {
    file("Dockerfile", "FROM busybox\nARG API_TOKEN\nCOPY a /a\nRUN echo said by the step\n");
    file("a", "1");
    run("build", "--build-arg", "API_TOKEN=s3cret", "-t", "history:1", ".").expect(0);
    file("a", "2");
    run("build", "--build-arg", "API_TOKEN=s3cret", "-t", "history:1", ".").expect(0);
    String ref = lastRef();

    assertThat(explained(ref))
        .anySatisfy(step -> {
          assertThat(step.path("text").textValue()).startsWith("COPY a");
          assertThat(step.path("hit").booleanValue()).isFalse();
          assertThat(step.at("/causes/0/kind").textValue()).isEqualTo("FILE");
          assertThat(step.at("/causes/0/name").textValue()).isEqualTo("a");
        });

    for (int process = 0; process < 2; process++) {
      JsonNode build = inspected(ref);
      assertThat(build.path("Status").textValue()).isEqualTo("completed");
      assertThat(build.path("Materials"))
          .anySatisfy(material -> assertThat(material.path("URI").textValue()).contains("busybox"));
      assertThat(build.path("Attachments").toString()).contains("slsa.dev/provenance");
      assertThat(build.toString()).contains("API_TOKEN").doesNotContain("s3cret");
      assertThat(run("buildx", "history", "logs", ref).expect(0).err())
          .contains("said by the step")
          .doesNotContain("s3cret");
      if (process == 0) {
        daemon.terminate();
        daemon.restart();
      }
    }
    run("buildx", "history", "export", "-o", "bundle.dockerbuild", ref).expect(0);
    assertThat(Command.of("tar", "-tzf", "bundle.dockerbuild").run(context).expect(0).out())
        .contains("index.json")
        .contains("blobs/sha256/");
    run("buildx", "history", "rm", ref).expect(0);
    assertThat(run("buildx", "history", "ls").expect(0).out()).doesNotContain(ref);
  }

  @Test
  void aBuildThatFailedIsRememberedWithItsLinesAndOutput()
      throws IOException, InterruptedException {
    file("Dockerfile", "FROM busybox\nRUN echo last words; exit 7\n");
    run("build", ".").expect(1);
    String ref = lastRef();
    JsonNode build = inspected(ref);
    assertThat(build.path("Status").textValue()).isEqualTo("failed");
    assertThat(build.at("/Error/Message").textValue()).contains("exit code: 7");
    assertThat(build.at("/Error/Logs").toString()).contains("last words");
    String text = run("buildx", "history", "inspect", ref).expect(0).out();
    assertThat(text).contains("2 | >>> RUN echo last words; exit 7");
  }
}
