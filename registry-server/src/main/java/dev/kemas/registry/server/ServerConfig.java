package dev.kemas.registry.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * How a registry is set up.
 *
 * @param listen resolved; port 0 for a free one
 * @param product for the {@code Server} header
 * @param store where the content is
 * @param quotaBytes of each repository; empty for no limit
 */
public record ServerConfig(
    InetSocketAddress listen, String product, Store store, OptionalLong quotaBytes) {
  /** Where a registry keeps its content. */
  public sealed interface Store {
    /**
     * A folder of this machine, for one server.
     *
     * @param root made when it is not there
     */
    record Folder(Path root) implements Store {}
  }
}
