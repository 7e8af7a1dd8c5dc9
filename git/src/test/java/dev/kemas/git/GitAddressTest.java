package dev.kemas.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GitAddressTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "https://host/a/b.git, https://host/a/b.git, HEAD, '', ''",
        "https://host:8443/b.git#v1, https://host:8443/b.git, ANY, v1, ''",
        "https://host/b.git#v1:sub/dir/, https://host/b.git, ANY, v1, sub/dir",
        "https://host/b.git#:sub, https://host/b.git, HEAD, '', sub",
        "https://host/b.git?tag=v1&subdir=./x, https://host/b.git, TAG, v1, x",
        "https://host/b.git?branch=feature%2Fx, https://host/b.git, BRANCH, feature/x, ''",
        "git@host:a/b.git#main, git@host:a/b.git, ANY, main, ''",
        "git@host:a/b, git@host:a/b, HEAD, '', ''",
        "ssh://me@host:2222/b.git, ssh://me@host:2222/b.git, HEAD, '', ''",
        "git://host/b, git://host/b, HEAD, '', ''",
        "https://me:word@host/b.git, https://host/b.git, HEAD, '', ''",
        "https://[::1]:80/b.git, https://[::1]:80/b.git, HEAD, '', ''",
      })
  void theFormsOfAnAddress(
      String text, String remote, GitAddress.Kind kind, String ref, String subdirectory) {
    GitAddress address = GitAddress.find(text).orElseThrow();

    assertThat(address.remote()).isEqualTo(remote);
    assertThat(address.ref()).isEqualTo(new GitAddress.Ref(kind, ref));
    assertThat(address.subdirectory()).isEqualTo(subdirectory);
    assertThat(address.toString()).doesNotContain("word");
  }

  @Test
  void whatTheQuerySays() {
    GitAddress address =
        GitAddress.parse(
            "https://host/b.git?ref=main&checksum=0123456&keep-git-dir=true&submodules=0");

    assertThat(address.options().checksum()).contains("0123456");
    assertThat(address.options().keepGitDirectory()).contains(true);
    assertThat(address.options().submodules()).contains(false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://host/archive.tar.gz", "./a.git", "github.com/a/b", "a@b", "dir/file:x"})
  void otherThingsAreNoRepositories(String text) {
    assertThat(GitAddress.find(text)).isEmpty();
  }

  @Test
  void aContextMayLeaveOutTheSchemeOfGithub() {
    assertThat(GitAddress.findContext("github.com/a/b#v1").orElseThrow().remote())
        .isEqualTo("https://github.com/a/b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ext::sh -c id",
        "git://-oProxyCommand=id/b.git",
        "ssh://-oProxyCommand=id/b.git",
        "ssh://-x@host/b.git",
        "git@-oProxyCommand=id:b.git",
        "git@host:-b.git",
        "git@host:b.git\n--upload-pack=id",
        "https://host/b.git#--upload-pack=id",
        "https://host/b.git#-x",
        "https://host/b.git#a..b",
        "https://host/b.git#a b",
        "https://host/b.git#main:../../etc",
        "https://host/b.git?subdir=a/../..",
        "https://host/b.git?upload-pack=id",
        "https://host/b.git?ref=a&tag=b",
        "https://host/b.git?ref=a&ref=b",
        "https://host/b.git?checksum=zz",
        "https://host/b.git?ref=a#b",
        "https://host/b.git?keep-git-dir=perhaps",
        "https://ho st/b.git",
        "https:///b.git",
        "https://host:99999/b.git",
        "https://host/-b.git",
      })
  void hostileAddressesAreRefused(String text) {
    assertThatThrownBy(() -> GitAddress.parse(text))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageStartingWith("invalid git address");
  }

  @ParameterizedTest
  @CsvSource({
    "https://host/a/b.git, ../c.git, https://host/a/c.git",
    "https://host/a/b.git, ./c, https://host/a/b.git/c",
    "git@host:a/b.git, ../c.git, git@host:a/c.git",
    "https://host/a/b.git, https://other/x.git, https://other/x.git",
  })
  void aSubmodulesAddressIsBesideItsParents(String parent, String url, String address) {
    assertThat(Submodules.resolve(parent, url)).isEqualTo(address);
  }
}
