package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.oci.ChainId;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What COPY, ADD and WORKDIR do to files. */
@Timeout(60)
class TransferTest {
  @TempDir Path temp;
  Path context;
  FakeEngine engine;

  @BeforeEach
  void prepare() throws IOException {
    context = Files.createDirectories(temp.resolve("context"));
    engine = new FakeEngine(Files.createDirectories(temp.resolve("engine")));
  }

  private Path file(String path, String content) throws IOException {
    Path file = context.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private void link(String path, String target) throws IOException {
    Path file = context.resolve(path);
    Files.createDirectories(file.getParent());
    Files.createSymbolicLink(file, Path.of(target));
  }

  private Digest build(String... lines) throws IOException {
    Files.writeString(context.resolve(".df"), String.join("\n", lines) + "\n");
    return new Builder(engine.services())
        .build(BuildRequest.of(context).withDockerfile(".df"), event -> {}, new Cancellation())
        .id();
  }

  /** The files of an image from scratch, without owners of root. */
  private String files(String... lines) throws IOException {
    String[] all = new String[lines.length + 1];
    all[0] = "FROM scratch";
    System.arraycopy(lines, 0, all, 1, lines.length);
    return engine.files(build(all)).replace(" 0:0", "");
  }

  private Path root(Digest image) {
    return engine.chains.get(ChainId.of(engine.stored.get(image).rootfs().diffIds()).orElseThrow());
  }

  private void refuses(String message, String... lines) {
    assertThatThrownBy(() -> files(lines))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining(message);
    assertThat(engine.open).hasValue(0);
  }

  @Test
  void aFileGoesToThePathOrIntoTheDirectory() throws IOException {
    file("a", "1");
    file("b", "2");
    assertThat(files("COPY a /x", "COPY a /d/", "COPY a b /d/e/", "COPY a /d"))
        .isEqualTo(
            """
            40755 /d
            100644 /d/a = 1
            40755 /d/e
            100644 /d/e/a = 1
            100644 /d/e/b = 2
            100644 /x = 1
            """);
  }

  @Test
  void ofADirectoryTheContentIsCopiedHiddenFilesToo() throws IOException {
    file("src/a", "1");
    file("src/.hidden/b", "2");
    Files.createDirectories(context.resolve("src/empty"));
    link("src/link", "nowhere");
    assertThat(files("COPY src /dst"))
        .isEqualTo(
            """
            40755 /dst
            40755 /dst/.hidden
            100644 /dst/.hidden/b = 2
            100644 /dst/a = 1
            40755 /dst/empty
            120777 /dst/link -> nowhere
            """);
  }

  @Test
  void directoriesAreMergedAndFilesReplaced() throws IOException {
    file("one/d/a", "1");
    file("one/d/b", "1");
    file("two/d/b", "2");
    file("two/d/c", "2");
    Files.setPosixFilePermissions(
        context.resolve("two/d"), PosixFilePermissions.fromString("rwx------"));
    assertThat(files("COPY one /", "COPY two /"))
        .isEqualTo("40700 /d\n100644 /d/a = 1\n100644 /d/b = 2\n100644 /d/c = 2\n");
  }

  @Test
  void aFileAndADirectoryDoNotReplaceEachOther() throws IOException {
    file("dir/x/y", "1");
    file("file", "2");
    file("other/x", "3");
    refuses("cannot copy to non-directory", "COPY other /", "COPY dir /");
    refuses("cannot replace the directory x with a file", "COPY dir /", "COPY other /");
    refuses("it is there and is no directory", "COPY file /f", "COPY dir /f");
  }

  @Test
  void wildcardsMatchOneLevel() throws IOException {
    file("a1.txt", "1");
    file("a2.txt", "2");
    file("b.md", "3");
    file("sub/a3.txt", "4");
    assertThat(files("COPY a?.txt /d/", "COPY *ub/a*.txt /e/"))
        .isEqualTo(
            "40755 /d\n100644 /d/a1.txt = 1\n100644 /d/a2.txt = 2\n40755 /e\n"
                + "100644 /e/a3.txt = 4\n");
    refuses("no source files were specified", "COPY *.none /");
    refuses("must be a directory and end with a /", "COPY a*.txt /d");
    refuses("syntax error in pattern", "COPY a[ /d");
  }

  @Test
  void aMissingSourceIsToldWithItsPlace() {
    refuses(
        "COPY failed: file not found in build context or excluded by .dockerignore:"
            + " stat nope: file does not exist [.df:2 COPY]",
        "COPY nope /");
  }

  @Test
  void ignoredFilesAreAsMissing() throws IOException {
    file("kept/a", "1");
    file("kept/b.log", "2");
    file("gone/c", "3");
    file("gone/exception", "4");
    file(".dockerignore", "**/*.log\ngone\n!gone/exception\n.df\n.dockerignore\n");
    assertThat(files("COPY . /"))
        .isEqualTo("40755 /gone\n100644 /gone/exception = 4\n40755 /kept\n100644 /kept/a = 1\n");
    refuses("file does not exist", "COPY kept/b.log /");
    refuses("file does not exist", "COPY gone/c /");
  }

  @Test
  void ownersAreGivenByNumberAndByNamesOfTheImage() throws IOException {
    file("d/a", "1");
    String both = engine.files(build("FROM base", "COPY --chown=user:staff d /x"));
    assertThat(both).contains("40755 1000:50 /x\n100644 1000:50 /x/a");
    String name = engine.files(build("FROM base", "COPY --chown=user d /x"));
    assertThat(name).contains("1000:1001 /x/a");
    String number = engine.files(build("FROM base", "COPY --chown=77 d /new/parent/x"));
    assertThat(number).contains("77:77 /new\n").contains("77:77 /new/parent/x/a");
    refuses("unable to find user nobody2", "COPY --chown=nobody2 d /x");
  }

  @Test
  void modesAreKeptOrSet() throws IOException {
    Path tool = file("tool", "1");
    Files.setAttribute(tool, "unix:mode", 0104755);
    assertThat(files("COPY tool /a", "COPY --chmod=600 tool /b"))
        .isEqualTo("104755 /a = 1\n100600 /b = 1\n");
  }

  @Test
  void timesAndAttributesAreKept() throws IOException {
    Path a = file("d/a", "1");
    FileTime time = FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z"));
    Files.getFileAttributeView(a, UserDefinedFileAttributeView.class)
        .write("note", ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
    Files.setLastModifiedTime(a, time);
    Files.setLastModifiedTime(context.resolve("d"), time);
    Path root = root(build("FROM scratch", "COPY d /x/"));
    for (String path : new String[] {"x", "x/a"}) {
      assertThat(Files.getLastModifiedTime(root.resolve(path))).as(path).isEqualTo(time);
    }
    assertThat(
            Files.getFileAttributeView(root.resolve("x/a"), UserDefinedFileAttributeView.class)
                .list())
        .containsExactly("note");
  }

  @Test
  void hardLinksStayHardLinks() throws IOException {
    Path a = file("d/one/a", "1");
    Files.createLink(context.resolve("d/b"), a);
    Path root = root(build("FROM scratch", "COPY d /"));
    assertThat(Files.getAttribute(root.resolve("b"), "unix:ino"))
        .isEqualTo(Files.getAttribute(root.resolve("one/a"), "unix:ino"));
  }

  @Test
  void aSymbolicLinkThatIsNamedIsFollowedWithinTheContext() throws IOException {
    file("real/a", "1");
    link("alias", "real");
    link("abs", "/real/a");
    assertThat(files("COPY alias /d/", "COPY abs /f"))
        .isEqualTo("40755 /d\n100644 /d/a = 1\n100644 /f = 1\n");
  }

  @Test
  void nothingOutsideTheContextIsRead() throws IOException {
    Files.writeString(temp.resolve("secret"), "s3cret");
    link("up", "../secret");
    link("far", temp.resolve("secret").toString());
    link("loop", "loop");
    link("dir", "..");
    refuses("file does not exist", "COPY up /x");
    refuses("file does not exist", "COPY far /x");
    refuses("", "COPY loop /x");
    refuses("file does not exist", "COPY ../secret /x");
    refuses("file does not exist", "COPY dir/secret /x");
    assertThat(files("COPY dir /all/")).doesNotContain("s3cret");
  }

  @Test
  void nothingOutsideTheRootFileSystemIsWritten() throws IOException {
    Path outside = Files.createDirectories(temp.resolve("outside"));
    file("a", "1");
    link("links/abs", outside.toString());
    link("links/up", "../../../../../../../../../../.." + outside);
    link("links/file", outside.resolve("new").toString());
    link("links/inside", "/kept");
    file("tree/abs/x", "2");
    String[] prepare = {"COPY links /l/", "COPY a /kept/a"};
    for (String line :
        new String[] {
          "COPY a /l/abs/x",
          "COPY a /l/up/x",
          "COPY a /l/file",
          "COPY a /l/../../../../../x",
          "COPY tree /l/",
          "WORKDIR /l/abs/deep"
        }) {
      try {
        files(prepare[0], prepare[1], line);
      } catch (Fault.InvalidArgument refused) {
        assertThat(refused).hasMessageContaining("failed:");
      }
      assertThat(outside).as(line).isEmptyDirectory();
    }
    assertThat(files(prepare[0], prepare[1], "COPY a /l/inside/b"))
        .contains("100644 /kept/b = 1\n");
  }

  @Test
  void aLinkAtTheDestinationLeadsWithinTheImage() throws IOException {
    file("a", "new");
    file("img/real", "old");
    link("img/alias", "real");
    assertThat(files("COPY img /", "COPY a /alias"))
        .isEqualTo("120777 /alias -> real\n100644 /real = new\n");
  }

  @Test
  void parentsAndExcludes() throws IOException {
    file("a/b/c.txt", "1");
    file("a/b/d.md", "2");
    assertThat(files("COPY --parents a/b/c.txt /p/", "COPY --exclude=**/*.md a /e/"))
        .isEqualTo(
            """
            40755 /e
            40755 /e/b
            100644 /e/b/c.txt = 1
            40755 /p
            40755 /p/a
            40755 /p/a/b
            100644 /p/a/b/c.txt = 1
            """);
  }

  @Test
  void heredocsBecomeFiles() throws IOException {
    assertThat(
            files(
                "ENV N=world",
                "COPY <<a.txt <<'b.txt' /d/",
                "hi $N",
                "a.txt",
                "$N",
                "b.txt",
                "COPY <<-X /f",
                "\ttab",
                "X"))
        .isEqualTo("40755 /d\n100644 /d/a.txt = hi world\n100644 /d/b.txt = $N\n100644 /f = tab\n");
  }

  @Test
  void workdirMakesADirectoryOfTheUserOnce() throws IOException {
    String files = engine.files(build("FROM base", "USER user", "WORKDIR /w/x", "WORKDIR /etc"));
    assertThat(files).contains("1000:1001 /w\n").contains("1000:1001 /w/x\n");
    assertThat(files).contains("0:0 /etc\n");
  }

  @Test
  void addUnpacksALocalArchiveAndCopyDoesNot() throws IOException {
    file("x.tar", "ARCHIVE");
    assertThat(files("ADD x.tar /a", "COPY x.tar /b", "ADD --unpack=false x.tar /c"))
        .isEqualTo(
            "40755 /a\n100644 /a/unpacked = ARCHIVE\n100644 /b = ARCHIVE\n100644 /c = ARCHIVE\n");
  }

  @Test
  void addFetchesFromAnAddress() throws IOException {
    try (TinyHttp server = new TinyHttp()) {
      String at = server.address();
      Path root = root(build("FROM scratch", "ADD " + at + "/p/x.tgz?q=1 /d/"));
      Path fetched = root.resolve("d/x.tgz");
      assertThat(fetched).hasContent("/p/x.tgz");
      assertThat(Files.getLastModifiedTime(fetched).toInstant())
          .isEqualTo(Instant.parse("2001-02-03T04:05:06Z"));
      assertThat(Files.getAttribute(fetched, "unix:mode", LinkOption.NOFOLLOW_LINKS))
          .isEqualTo(0100600);
      engine.begun.set(0);
      build("FROM scratch", "ADD " + at + "/p/x.tgz?q=1 /d/");
      assertThat(engine.begun).hasValue(0);

      String sum = Digest.of("/y".getBytes(StandardCharsets.UTF_8)).toString();
      assertThat(files("ADD --checksum=" + sum + " " + at + "/y /y")).isEqualTo("100600 /y = /y\n");
      int before = server.requests.get();
      files("ADD --checksum=" + sum + " " + at + "/y /y");
      assertThat(server.requests).as("known by its checksum").hasValue(before);
      String other = Digest.of("/other".getBytes(StandardCharsets.UTF_8)).toString();
      assertThatThrownBy(() -> files("ADD --checksum=" + other + " " + at + "/z /z"))
          .isInstanceOf(Fault.DataLoss.class)
          .hasMessageContaining("digest mismatch");
      assertThatThrownBy(() -> files("ADD " + at + "/missing /z"))
          .isInstanceOf(Fault.Unavailable.class)
          .hasMessageContaining("with status 404")
          .hasMessageContaining("[.df:2 ADD]");
      refuses("cannot determine filename from url", "ADD " + at + "/dir/ /z/");
      assertThat(temp.resolve("engine/scratch")).isEmptyDirectory();
    }
  }

  @Test
  void aFolderNestedWithoutEndIsRefused() throws IOException {
    Path deep = context.resolve("deep");
    Files.createDirectory(deep);
    for (int i = 0; i < 3; i++) {
      StringBuilder more = new StringBuilder();
      for (int j = 0; j < 200; j++) {
        more.append("/d");
      }
      deep = Files.createDirectories(Path.of(deep + more.toString()));
    }
    refuses("nested more than 400 deep", "COPY deep /x");
    try (Directory folder = Directory.open(context)) {
      folder.removeTree("deep"); // what JUnit does takes seconds
    }
  }
}
