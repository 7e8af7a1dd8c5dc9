package dev.kemas.git;

import static dev.kemas.git.server.GitServer.git;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.git.Repositories.Layout;
import dev.kemas.git.server.GitServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real git server on loopback. */
final class RepositoriesTest {
  private static final Layout PLAIN = new Layout(false, true);
  private static final GitLogin.Source NOBODY = host -> GitLogin.NONE;

  @TempDir Path folder;
  private GitServer server;
  private Path work;
  private Repositories repositories;
  private String first;
  private String second;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Path served = Files.createDirectories(folder.resolve("served"));
    server = new GitServer(served);
    work = Files.createDirectories(folder.resolve("work"));
    git(work, "init", "-q", "-b", "main");
    Files.createDirectories(work.resolve("src/deep"));
    Files.writeString(work.resolve("src/deep/a.txt"), "one");
    Files.writeString(work.resolve("run.sh"), "#!/bin/sh\n");
    assertThat(work.resolve("run.sh").toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(work.resolve("out"), Path.of("src"));
    first = commit("first");
    git(work, "tag", "-a", "v1", "-m", "v1");
    Files.writeString(work.resolve("src/deep/a.txt"), "two");
    second = commit("second");
    git(work, "branch", "side", first);
    publish("a.git");
    repositories = new Repositories(folder.resolve("kept"), GitRules.DEFAULT);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private String commit(String message) throws IOException, InterruptedException {
    git(work, "add", "-A");
    git(work, "commit", "-q", "-m", message);
    return git(work, "rev-parse", "HEAD");
  }

  private void publish(String name) throws IOException, InterruptedException {
    Files.createDirectories(folder.resolve("served").resolve(name).getParent());
    git(folder, "clone", "-q", "--bare", "work", "served/" + name);
  }

  private GitAddress address(String rest) {
    return GitAddress.parse(server.address() + rest);
  }

  private Resolved resolve(String rest) {
    return repositories.resolve(address(rest), NOBODY, () -> false);
  }

  private Path checkOut(Resolved resolved, Layout layout) throws IOException {
    return repositories.checkOut(
        resolved, Files.createTempDirectory(folder, "out"), layout, NOBODY, () -> false);
  }

  @Test
  void aReferenceLeadsToItsCommit() {
    assertThat(resolve("/a.git").commit()).isEqualTo(second);
    assertThat(resolve("/a.git#main").commit()).isEqualTo(second);
    assertThat(resolve("/a.git#v1").commit()).isEqualTo(first);
    assertThat(resolve("/a.git?tag=v1").commit()).isEqualTo(first);
    assertThat(resolve("/a.git#side").commit()).isEqualTo(first);
    assertThat(resolve("/a.git#refs/heads/side").commit()).isEqualTo(first);
    assertThatThrownBy(() -> resolve("/a.git?branch=v1"))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining("does not contain ref v1");
  }

  @Test
  void aCommitIsAskedOfNobody() {
    assertThat(resolve("/a.git#" + first).commit()).isEqualTo(first);
    assertThat(server.requests).isEmpty();
  }

  @Test
  void aBranchGoesBeforeATag() throws IOException, InterruptedException {
    git(work, "branch", "v1", second);
    publish("b.git");

    assertThat(resolve("/b.git#v1").commit()).isEqualTo(second);
  }

  @Test
  void theChecksumIsTheBeginningOfTheCommit() {
    assertThat(resolve("/a.git?ref=v1&checksum=" + first.substring(0, 12)).commit())
        .isEqualTo(first);
    assertThatThrownBy(() -> resolve("/a.git?ref=main&checksum=" + first.substring(0, 12)))
        .isInstanceOf(Fault.DataLoss.class)
        .hasMessageContaining("got " + second);
  }

  @Test
  void filesAreLaidDownAsGitHasThem() throws IOException {
    Path out = checkOut(resolve("/a.git#v1"), PLAIN);

    assertThat(out.resolve("src/deep/a.txt")).hasContent("one");
    assertThat(Files.isExecutable(out.resolve("run.sh"))).isTrue();
    assertThat(Files.readSymbolicLink(out.resolve("out"))).isEqualTo(Path.of("src"));
    assertThat(out.resolve(".git")).doesNotExist();
    assertThat(Files.getLastModifiedTime(out.resolve("src/deep/a.txt")).toInstant())
        .isEqualTo(Instant.parse("2001-02-03T04:05:06Z"));
    assertThat(Files.getPosixFilePermissions(out.resolve("src/deep/a.txt"))).hasSize(4);
  }

  @Test
  void aCommitIsFetchedWithoutItsHistoryAndOnce() throws IOException {
    checkOut(resolve("/a.git"), PLAIN);
    int asked = fetches();
    checkOut(resolve("/a.git"), PLAIN);

    assertThat(asked).isEqualTo(1);
    assertThat(fetches()).isEqualTo(1);
    RepositoryShelf.Kept kept = repositories.shelf().list().getFirst();
    assertThat(kept.remote()).isEqualTo(server.address() + "/a.git");
    assertThat(folder.resolve("kept").resolve(kept.id()).resolve("shallow")).exists();
    assertThat(repositories.shelf().remove(k -> k.lastUsed().isBefore(Instant.now()))).hasSize(1);
    assertThat(repositories.shelf().list()).isEmpty();
    assertThat(checkOut(resolve("/a.git"), PLAIN)).isNotEmptyDirectory();
  }

  /** ls-refs is a POST of its own; packs come with those of fetches. */
  private int fetches() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("kept"))) {
      return (int) files.filter(f -> f.toString().endsWith(".pack")).count();
    }
  }

  @Test
  void theSubfolderIsNoLink() throws IOException {
    assertThat(checkOut(resolve("/a.git#main:src/deep"), PLAIN).resolve("a.txt")).hasContent("two");
    assertThatThrownBy(() -> checkOut(resolve("/a.git#main:out"), PLAIN))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining("no folder \"out\"");
  }

  @Test
  void theGitDirectoryComesWhenItIsWanted() throws IOException, InterruptedException {
    Path out = checkOut(resolve("/a.git#main"), new Layout(true, true));

    assertThat(git(out, "rev-parse", "HEAD")).isEqualTo(second);
    assertThat(git(out, "status", "--porcelain")).isEmpty();
    assertThat(git(out, "remote", "get-url", "origin")).isEqualTo(server.address() + "/a.git");
    assertThat(Files.readString(out.resolve(".git/config"))).doesNotContain(folder.toString());
    assertThat(out.resolve(".git/hooks")).doesNotExist();
  }

  @Test
  void submodulesComeFromBesideTheirParent() throws IOException, InterruptedException {
    publish("part.git");
    module("../part.git", second);
    publish("whole.git");

    Path out = checkOut(resolve("/whole.git"), PLAIN);
    Path without = checkOut(resolve("/whole.git"), new Layout(false, false));

    assertThat(out.resolve("lib/part/src/deep/a.txt")).hasContent("two");
    assertThat(without.resolve("lib/part")).isEmptyDirectory();
  }

  private void module(String url, String commit) throws IOException, InterruptedException {
    Files.writeString(
        work.resolve(".gitmodules"),
        "[submodule \"part\"]\n\tpath = lib/part\n\turl = %s\n".formatted(url));
    git(work, "add", ".gitmodules");
    git(work, "update-index", "--add", "--cacheinfo", "160000", commit, "lib/part");
    git(work, "commit", "-q", "-m", "with part");
  }

  @Test
  void aSubmoduleLeadsToNoFileAndToNoMetadata() throws IOException, InterruptedException {
    for (String url :
        List.of("file://" + folder.resolve("served/a.git"), "http://169.254.169.254/a.git")) {
      module(url, second);
      publish("bad%d.git".formatted(url.length()));

      assertThatThrownBy(() -> checkOut(resolve("/bad%d.git".formatted(url.length())), PLAIN))
          .isInstanceOf(Fault.Forbidden.class);
    }
    module("ext::touch " + folder.resolve("hit"), second);
    publish("ext.git");
    assertThatThrownBy(() -> checkOut(resolve("/ext.git"), PLAIN))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("invalid git address");
    assertThat(folder.resolve("hit")).doesNotExist();
  }

  @Test
  void filesAndMetadataServicesAreNoRepositories() {
    assertThatThrownBy(
            () -> repositories.resolve(GitAddress.parse("file:///etc/x.git"), NOBODY, () -> false))
        .isInstanceOf(Fault.Forbidden.class);
    assertThatThrownBy(() ->
            repositories.resolve(
                GitAddress.parse("http://169.254.169.254/x.git"), NOBODY, () -> false))
        .isInstanceOf(Fault.Forbidden.class)
        .hasMessageContaining("169.254.169.254");
  }

  @Test
  void aLoginIsShownToItsHostAndNeverPrinted() throws IOException, InterruptedException {
    publish("private/a.git");
    server.authorization = GitLogin.ofToken("s3cret");
    GitLogin right =
        new GitLogin(Optional.of(GitLogin.ofToken("s3cret")), Optional.empty(), Optional.empty());
    GitLogin wrong =
        new GitLogin(Optional.of(GitLogin.ofToken("other")), Optional.empty(), Optional.empty());
    GitAddress address = address("/private/a.git");

    assertThatThrownBy(() -> repositories.resolve(address, NOBODY, () -> false))
        .isInstanceOf(Fault.Unauthenticated.class)
        .hasMessageContaining("GIT_AUTH_TOKEN");
    assertThatThrownBy(() -> repositories.resolve(address, host -> wrong, () -> false))
        .isInstanceOf(Fault.Unauthenticated.class)
        .hasMessageNotContaining("other");
    Resolved resolved = repositories.resolve(address, host -> right, () -> false);
    Path out = Files.createDirectory(folder.resolve("out-private"));
    repositories.checkOut(resolved, out, new Layout(true, true), host -> right, () -> false);

    assertThat(resolved.commit()).isEqualTo(second);
    assertThat(Files.readString(out.resolve(".git/config"))).doesNotContain("s3cret");
    assertThat(right.toString()).doesNotContain("s3cret");
  }

  @Test
  void whatOneBuildFetchedIsNotGivenToAnother() throws IOException, InterruptedException {
    publish("private/a.git");
    server.authorization = GitLogin.ofToken("s3cret");
    GitLogin right =
        new GitLogin(Optional.of(GitLogin.ofToken("s3cret")), Optional.empty(), Optional.empty());
    Resolved commit = resolve("/private/a.git#" + second);
    repositories.checkOut(
        commit, Files.createDirectory(folder.resolve("mine")), PLAIN, host -> right, () -> false);

    assertThatThrownBy(() -> checkOut(commit, PLAIN)).isInstanceOf(Fault.Unauthenticated.class);
  }

  @Test
  void aRepositoryThatMovedIsFollowed() throws IOException {
    server.moved.put("/old.git", server.address() + "/a.git");

    assertThat(checkOut(resolve("/old.git"), PLAIN).resolve("src/deep/a.txt")).hasContent("two");
  }

  @Test
  void aRepositoryThatMovesToTheMetadataServiceIsNot() {
    server.moved.put("/old.git", "http://169.254.169.254/a.git");

    assertThatThrownBy(() -> resolve("/old.git")).isInstanceOf(Fault.Forbidden.class);
  }

  @Test
  void hooksFiltersAndSettingsOfARepositoryAreNotRun() throws IOException, InterruptedException {
    Files.writeString(work.resolve(".gitattributes"), "* filter=evil\n");
    Files.writeString(
        work.resolve(".gitconfig"),
        "[filter \"evil\"]\n\tsmudge = touch %s/hit\n".formatted(folder));
    commit("evil");
    publish("evil.git");

    Path out = checkOut(resolve("/evil.git"), new Layout(true, true));

    assertThat(out.resolve("src/deep/a.txt")).hasContent("two");
    assertThat(folder.resolve("hit")).doesNotExist();
  }

  @Test
  void aLargeRepositoryIsCutOff() throws IOException, InterruptedException {
    byte[] noise = new byte[64 << 20];
    new java.util.Random(1).nextBytes(noise);
    Files.write(work.resolve("large"), noise);
    commit("large");
    publish("large.git");
    Repositories small =
        new Repositories(
            folder.resolve("small"),
            new GitRules(false, false, Duration.ofMinutes(1), 4 << 20, Map.of()));
    Resolved resolved = small.resolve(address("/large.git"), NOBODY, () -> false);
    Path out = Files.createDirectory(folder.resolve("out-large"));

    assertThatThrownBy(() -> small.checkOut(resolved, out, PLAIN, NOBODY, () -> false))
        .isInstanceOf(Fault.ResourceExhausted.class);
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void aCancelledFetchEnds() throws IOException {
    Resolved resolved = resolve("/a.git");
    Path out = Files.createDirectory(folder.resolve("out-cancelled"));
    server.held = new java.util.concurrent.CountDownLatch(1);

    assertThatThrownBy(() -> repositories.checkOut(resolved, out, PLAIN, NOBODY, () -> true))
        .isInstanceOf(Fault.Cancelled.class);
    server.held.countDown();
  }
}
