package dev.kemas.archive;

import dev.kemas.linux.Directory;
import java.nio.file.Path;
import java.util.HexFormat;

/** A tree with everything in it that a layer can hold. */
final class TreeFixture {
  private TreeFixture() {}

  static Path make(Path root) {
    Shell.sh(
        root.getParent(),
        """
        mkdir %1$s && cd %1$s
        mkdir -p bin etc/deep/er var/empty "sp ace" $'new\\nline'
        echo hello > etc/hello; printf x > etc/deep/er/x; : > etc/empty
        head -c 700000 /dev/urandom > bin/large
        cp etc/hello bin/setuid; chown 1000:2000 bin/setuid; chmod 6755 bin/setuid
        ln bin/large bin/large2; ln bin/large etc/large3
        ln -s ../etc/hello bin/hello; ln -s /absolute/nowhere etc/dangling
        ln -s %2$s etc/long-link
        mkfifo -m 600 var/pipe; mknod -m 660 var/null c 1 3; mknod var/disk b 8 17
        mkdir -m 1777 tmp; mkdir -m 2775 var/mail; chown 0:8 var/mail
        printf y > "sp ace/$(printf 'b\\303\\266se')"; printf z > $'latin\\351'
        mkdir -p %3$s; echo deep > %3$s/file
        truncate -s 3M etc/sparse; printf end >> etc/sparse
        printf data | dd of=etc/sparse bs=1 seek=1500000 conv=notrunc status=none
        chown 4000000:3000000 etc/empty
        touch -h -d '2001-02-03 04:05:06.123456789 UTC' etc/hello bin/hello var/pipe etc/deep
        touch -d '1960-01-01 00:00:00.25 UTC' etc/deep/er/x
        touch -d '2040-01-01 00:00:00 UTC' etc/empty
        """
            .formatted(
                root.getFileName(), "t".repeat(300), "p".repeat(120) + "/" + "q".repeat(120)));
    try (Directory bin = Directory.open(root.resolve("bin"))) {
      bin.setXattr(
          "setuid",
          "security.capability",
          HexFormat.of().parseHex("0100000200200000000000000000000000000000"));
      bin.setXattr("large", "user.bytes", new byte[] {0, '\n', -1, '='});
    }
    return root;
  }
}
