package dev.kemas.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReferenceTest {
  private static final String DIGEST =
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @ParameterizedTest
  @CsvSource({
    "python, docker.io/library/python, python",
    "python:3.11-slim, docker.io/library/python:3.11-slim, python:3.11-slim",
    "docker.io/python, docker.io/library/python, python",
    "index.docker.io/library/a, docker.io/library/a, a",
    "team/model:v1, docker.io/team/model:v1, team/model:v1",
    "ghcr.io/a/b, ghcr.io/a/b, ghcr.io/a/b",
    "localhost:5000/a:b, localhost:5000/a:b, localhost:5000/a:b",
    "localhost/a, localhost/a, localhost/a",
    "[::1]:5000/a, [::1]:5000/a, [::1]:5000/a",
    "a@" + DIGEST + ", docker.io/library/a@" + DIGEST + ", a@" + DIGEST,
    "a:t@" + DIGEST + ", docker.io/library/a:t@" + DIGEST + ", a:t@" + DIGEST,
  })
  void readsNamesAsDockerDoes(String typed, String normalised, String familiar) {
    Reference reference = Reference.parse(typed);
    assertThat(reference.toString()).isEqualTo(normalised);
    assertThat(reference.familiar()).isEqualTo(familiar);
    assertThat(Reference.parse(normalised)).isEqualTo(reference);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":tag",
        "Python",
        "a:",
        "a:-x",
        "a//b",
        "/a",
        "a/",
        "a@sha256:12",
        "a b",
        "a_-_b",
        "../a",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
      })
  void refusesWhatIsNoName(String typed) {
    assertThatThrownBy(() -> Reference.parse(typed)).isInstanceOf(Fault.InvalidArgument.class);
  }
}
