package dev.kemas.cli.build;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.dockerfile.GitAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Where a build takes its files from. */
sealed interface Source permits Source.Folder, Source.Remote, Source.Stream {
  /** Adds the context to the request. */
  Request into(Request request);

  /** The folder that can be lent in place of an archive; empty when there is none. */
  default Optional<Folder> lendable() {
    return Optional.empty();
  }

  /** What tells builds of this from others; empty when nothing does. */
  default String project() {
    return "";
  }

  /** When the youngest file was changed, in seconds since 1970. */
  default long newest() {
    throw new Exit(
        1,
        "--source-date-epoch newest needs a folder whose files can be looked at: give the time in"
            + " seconds since 1970");
  }

  /**
   * A folder.
   *
   * @param dockerfile its path in the context
   * @param added a Dockerfile from outside the folder, sent under that path
   */
  record Folder(Path root, String dockerfile, Optional<Map.Entry<String, byte[]>> added)
      implements Source {
    /** The folder that the Dockerfile lies in. */
    Path fileFolder() {
      return Objects.requireNonNullElse(root.resolve(dockerfile).getParent(), root);
    }

    /** The Dockerfile's name in it. */
    String fileName() {
      return String.valueOf(Path.of(dockerfile).getFileName());
    }

    @Override
    public Request into(Request request) {
      Context context = new Context(root, added.isPresent() ? "" : dockerfile);
      return request
          .query("dockerfile", dockerfile)
          .body("application/x-tar", out -> context.writeTo(out, added));
    }

    @Override
    public Optional<Folder> lendable() {
      return added.isEmpty() ? Optional.of(this) : Optional.empty();
    }

    @Override
    public String project() {
      return root.toAbsolutePath().normalize().toString();
    }

    @Override
    public long newest() {
      try {
        return new Context(root, added.isPresent() ? "" : dockerfile).newest();
      } catch (IOException e) {
        throw new Exit(1, "cannot look at the files of " + root + ": " + e, e);
      }
    }
  }

  /**
   * An address that the engine fetches itself.
   *
   * @param dockerfile its path in what is there
   * @param text of a Dockerfile that is here, under that path
   */
  record Remote(String url, String dockerfile, Optional<byte[]> text) implements Source {
    @Override
    public Request into(Request request) {
      request.query("remote", url).queryIf("dockerfile", dockerfile);
      text.ifPresent(bytes ->
          request
              .query("dockerfileinbody", true)
              .body("application/x-tar", out -> lone(dockerfile, bytes, out)));
      return request;
    }

    @Override
    public String project() {
      return url.replaceFirst("//[^/@]*@", "//");
    }
  }

  /** Writes an archive of one file. */
  private static void lone(String name, byte[] text, OutputStream out) throws IOException {
    TarWriter tar = new TarWriter(out);
    tar.header(new TarWriter.Entry(name, '0', 0600, 0, 0, 0, text.length, ""));
    out.write(text);
    tar.pad(text.length);
    tar.finish();
  }

  /** Standard input: an archive, or a Dockerfile alone. */
  final class Stream implements Source {
    /** What was read of it to tell the two apart. */
    private final byte[] first;

    private final InputStream rest;
    private final String dockerfile;

    Stream(byte[] first, InputStream rest, String dockerfile) {
      this.first = first;
      this.rest = rest;
      this.dockerfile = dockerfile;
    }

    @Override
    public Request into(Request request) {
      return request
          .queryIf("dockerfile", dockerfile)
          .body(
              "application/x-tar",
              out -> {
                if (isArchive(first)) {
                  out.write(first);
                  rest.transferTo(out);
                  return;
                }
                byte[] tail = rest.readAllBytes();
                byte[] text = Arrays.copyOf(first, first.length + tail.length);
                System.arraycopy(tail, 0, text, first.length, tail.length);
                lone(dockerfile.isEmpty() ? "Dockerfile" : dockerfile, text, out);
              });
    }
  }

  /** A tar archive, plain or compressed by gzip, bzip2, xz or zstd. */
  static boolean isArchive(byte[] first) {
    return startsWith(first, 0, 0x1f, 0x8b)
        || startsWith(first, 0, 'B', 'Z', 'h')
        || startsWith(first, 0, 0xfd, '7', 'z', 'X', 'Z')
        || startsWith(first, 0, 0x28, 0xb5, 0x2f, 0xfd)
        || startsWith(first, 257, 'u', 's', 't', 'a', 'r');
  }

  private static boolean startsWith(byte[] bytes, int offset, int... magic) {
    if (bytes.length < offset + magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[offset + i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** What the argument and {@code -f} mean. */
  static Source of(Session session, String argument, String file) {
    if (argument.equals("-")) {
      if (file.equals("-")) {
        throw new Exit(
            1, "invalid argument: can't use stdin for both build context and dockerfile");
      }
      return stream(session, file);
    }
    if (isAddress(argument)) {
      return remote(session, argument, file);
    }
    Path root = Path.of(argument);
    if (!Files.exists(root)) {
      throw new Exit(1, "unable to prepare context: path \"" + argument + "\" not found");
    }
    if (!Files.isDirectory(root)) {
      throw new Exit(
          1, "unable to prepare context: context must be a directory: " + root.toAbsolutePath());
    }
    return folder(session, root, file);
  }

  /** Whether that is for the engine to fetch. */
  static boolean isAddress(String argument) {
    return argument.startsWith("http://")
        || argument.startsWith("https://")
        || GitAddress.ofContext(argument).isPresent();
  }

  /** As buildx has it: a Dockerfile is here when it comes from stdin or has an absolute path. */
  private static Source remote(Session session, String address, String file) {
    try {
      if (file.equals("-")) {
        byte[] text = session.console().in().readAllBytes();
        return new Remote(address, "Dockerfile", Optional.of(text));
      }
      Path path = Path.of(file);
      if (path.isAbsolute()) {
        String name = String.valueOf(path.getFileName());
        return new Remote(address, name, Optional.of(Files.readAllBytes(path)));
      }
      return new Remote(address, file, Optional.empty());
    } catch (IOException e) {
      throw new Exit(1, "unable to prepare context: cannot read the Dockerfile: " + e, e);
    }
  }

  private static Source stream(Session session, String file) {
    try {
      InputStream in = session.console().in();
      return new Stream(in.readNBytes(512), in, file);
    } catch (IOException e) {
      throw new Exit(1, "failed to read from stdin: " + e.getMessage(), e);
    }
  }

  private static Source folder(Session session, Path root, String file) {
    try {
      if (file.equals("-")) {
        byte[] text = session.console().in().readAllBytes();
        String name = freeName(root);
        return new Folder(root, name, Optional.of(Map.entry(name, text)));
      }
      Path real = root.toRealPath();
      Path dockerfile = file.isEmpty() ? defaultFile(real) : Path.of(file).toAbsolutePath();
      if (!Files.exists(dockerfile)) {
        throw new Exit(
            1,
            "unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat "
                + dockerfile
                + ": no such file or directory");
      }
      Path folder = Objects.requireNonNullElse(dockerfile.getParent(), real);
      Path inside = folder.toRealPath().resolve(dockerfile.getFileName());
      if (inside.startsWith(real)) {
        return new Folder(real, real.relativize(inside).toString(), Optional.empty());
      }
      String name = freeName(real);
      return new Folder(real, name, Optional.of(Map.entry(name, Files.readAllBytes(dockerfile))));
    } catch (IOException e) {
      throw new Exit(1, "unable to prepare context: " + e, e);
    }
  }

  private static Path defaultFile(Path root) {
    Path lower = root.resolve("dockerfile");
    Path usual = root.resolve("Dockerfile");
    return !Files.exists(usual) && Files.exists(lower) ? lower : usual;
  }

  private static String freeName(Path root) {
    String name = ".dockerfile.kemas";
    while (Files.exists(root.resolve(name))) {
      name += "x";
    }
    return name;
  }
}
