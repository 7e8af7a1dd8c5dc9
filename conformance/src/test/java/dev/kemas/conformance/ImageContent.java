package dev.kemas.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What two engines' images can be compared by.
 *
 * @param files a line each: kind, mode, owner, size, target, name; then the digests of contents
 * @param configuration without what is empty, and what an engine adds of its own
 */
record ImageContent(String files, JsonNode configuration) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Fields of old engines that no Dockerfile sets. */
  private static final List<String> ENGINES_OWN = List.of("Hostname", "Image", "ArgsEscaped");

  /**
   * Reads them.
   *
   * @param tar the image's files
   * @param inspected the answer of {@code docker image inspect}
   * @param scratch where a folder may be made
   */
  static ImageContent of(Path tar, String inspected, Path scratch)
      throws IOException, InterruptedException {
    Path root = Files.createTempDirectory(scratch, "root-");
    Command.of("tar", "--numeric-owner", "-xpf", tar.toString(), "-C", root.toString())
        .run()
        .expect(0);
    String files =
        Command.of(
                "sh",
                "-euc",
                // the size of a folder is the file system's affair
                "find . ! -type d -printf '%P %y %m %U:%G %s %l\\n' -o -printf '%P d %m %U:%G\\n'"
                    + " | grep -v ' busybox$' | sort; find . -type f -exec sha256sum {} + | sort")
            .run(root)
            .expect(0)
            .out();
    ObjectNode configuration = (ObjectNode) JSON.readTree(inspected).get(0).get("Config");
    configuration.remove(ENGINES_OWN);
    withoutEmpty(configuration);
    return new ImageContent(files, configuration);
  }

  private static void withoutEmpty(ObjectNode node) {
    List<String> empty = new ArrayList<>();
    node.properties()
        .forEach(field -> {
          JsonNode value = field.getValue();
          boolean nothing =
              value.isNull()
                  || value.isContainerNode() && value.isEmpty()
                  || value.isTextual() && value.textValue().isEmpty()
                  || value.isBoolean() && !value.booleanValue();
          if (nothing) {
            empty.add(field.getKey());
          }
        });
    node.remove(empty);
  }
}
