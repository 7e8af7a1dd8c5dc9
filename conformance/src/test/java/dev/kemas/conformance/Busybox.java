package dev.kemas.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** The test's image: the host's static busybox with its applets, made into an image by import. */
final class Busybox {
  static final String IMAGE = "busybox:latest";
  private static final Path BINARY = Path.of("/bin/busybox");

  private Busybox() {}

  /** Puts {@link #IMAGE} into a daemon. */
  static void into(Daemon daemon) throws IOException, InterruptedException {
    new Command(
            List.of("docker", "-H", daemon.address(), "import", "-c", "CMD [\"sh\"]", "-", IMAGE),
            Optional.of(tar()))
        .run()
        .expect(0);
  }

  /** The tar of a root file system with busybox and its applets. */
  static byte[] tar() throws IOException, InterruptedException {
    Path root = Files.createTempDirectory("kemas-busybox-");
    try {
      for (String folder : List.of("bin", "etc", "tmp", "root", "proc", "sys", "dev", "home/app")) {
        Files.createDirectories(root.resolve(folder));
      }
      // a temporary folder is its owner's alone, the root of an image everybody's
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.copy(BINARY, root.resolve("bin/busybox"));
      for (String applet :
          Command.of(BINARY.toString(), "--list").run().expect(0).out().split("\n")) {
        if (!applet.equals("busybox")) {
          Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
        }
      }
      Files.writeString(
          root.resolve("etc/passwd"),
          "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n");
      Files.writeString(root.resolve("etc/group"), "root:x:0:\napp:x:1000:\nextra:x:44:app\n");
      Process tar =
          new ProcessBuilder("tar", "-C", root.toString(), "--owner=0", "--group=0", "-c", ".")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      byte[] bytes = tar.getInputStream().readAllBytes();
      if (tar.waitFor() != 0) {
        throw new IOException("tar ended with " + tar.exitValue());
      }
      return bytes;
    } finally {
      Command.of("rm", "-rf", root.toString()).run().expect(0);
    }
  }
}
