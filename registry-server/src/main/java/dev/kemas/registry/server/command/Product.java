package dev.kemas.registry.server.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What this build calls itself. */
final class Product {
  private static final Properties BUILD = read();

  /** The version of the project. */
  static final String VERSION = BUILD.getProperty("version", "unknown");

  /** The commit it was built from, as far as the build knew it. */
  static final String COMMIT = BUILD.getProperty("commit", "unknown");

  private Product() {}

  private static Properties read() {
    Properties properties = new Properties();
    try (InputStream in = Product.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read build.properties of this build", e);
    }
    return properties;
  }
}
