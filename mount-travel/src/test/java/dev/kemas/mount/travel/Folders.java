package dev.kemas.mount.travel;

import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Folders as tests want and see them. */
final class Folders {
  private Folders() {}

  static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static void write(Path root, String path, byte[] bytes) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
    // by the path, so that two machines have the same
    Files.setLastModifiedTime(
        file, FileTime.from(Instant.ofEpochSecond(1_700_000_000L + path.length(), 123_456_789)));
  }

  /** Like pip's cache: files with bodies of any size, in folders of digits. */
  static void wheels(Path root, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      String digits = Digest.of(new byte[] {(byte) i}).hex();
      String path = "http-v2/%s/%s/%s".formatted(digits.charAt(0), digits.charAt(1), digits);
      write(root, path, random(i, 900));
      write(root, path + ".body", random(1000 + i, 200_000 * (1 + i % 7)));
    }
  }

  /** All that travels, by path. */
  static Map<String, String> seen(Path root) throws IOException {
    Map<String, String> seen = new TreeMap<>();
    List<Path> all;
    try (Stream<Path> walk = Files.walk(root)) {
      all = walk.filter(path -> !path.equals(root)).toList();
    }
    for (Path path : all) {
      try (Directory above = Directory.open(path.getParent())) {
        String name = path.getFileName().toString();
        Stat stat = above.stat(name).orElseThrow();
        String what =
            switch (stat.type()) {
              case REGULAR ->
                  Digest.of(Files.readAllBytes(path))
                      + " "
                      + stat.modified()
                      + " "
                      + above.xattrs(name).keySet();
              case SYMLINK -> above.readlink(name);
              default -> "";
            };
        String mode = stat.type() == FileType.SYMLINK ? "" : Integer.toOctalString(stat.mode());
        seen.put(
            root.relativize(path).toString(),
            "%s %s %d:%d %s".formatted(stat.type(), mode, stat.uid(), stat.gid(), what));
      }
    }
    return seen;
  }

  static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }
}
