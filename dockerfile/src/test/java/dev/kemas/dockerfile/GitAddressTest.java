package dev.kemas.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x.git",
        "./git@host:x",
        "../x.git",
        "https://example.org/x.tar.gz",
        "https://example.org/x#main",
        "ftp://example.org/x.git",
        "github.com/team/x",
        "src/git@host",
        "/srv/x.git"
      })
  void aPathOrAFileIsNoRepository(String text) {
    assertThat(GitAddress.of(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.org/x.git",
        "http://example.org:8080/x.git",
        "git://example.org/x",
        "ssh://git@example.org:22/x",
        "git@example.org:x",
        "HTTPS://example.org/x.git"
      })
  void theRemoteIsWhatGitIsTold(String text) {
    GitAddress address = GitAddress.of(text + "#a%20b/c:d/e").orElseThrow();
    assertThat(address.remote()).isEqualTo(text);
    assertThat(address.ref()).contains("a b/c");
    assertThat(address.subdir()).isEqualTo("d/e");
  }

  @Test
  void aContextMayLeaveOutTheScheme() {
    GitAddress address = GitAddress.ofContext("github.com/team/x#v1").orElseThrow();
    assertThat(address.remote()).isEqualTo("https://github.com/team/x.git");
    assertThat(address.ref()).contains("v1");
  }

  @Test
  void aQuerySaysTheSameAsAFragment() {
    assertThat(GitAddress.of("https://example.org/x.git?branch=b&subdir=s"))
        .isEqualTo(GitAddress.of("https://example.org/x.git#refs/heads/b:s"));
  }
}
