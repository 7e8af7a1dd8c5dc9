package dev.kemas.signature;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what verifies certificates: on the class path, or in the folder {@code sigstore} beside
 * this program's jars. It takes many libraries, so they are loaded when they are first needed and
 * are in no start-up cache. Thread-safe.
 */
final class KeylessLoader implements Supplier<KeylessVerifier> {
  private static final String FOLDER = "sigstore";
  private @Nullable KeylessVerifier found;

  @Override
  public synchronized KeylessVerifier get() {
    KeylessVerifier verifier = found;
    if (verifier == null) {
      verifier =
          first(KeylessLoader.class.getClassLoader())
              .or(() -> folder().flatMap(f -> first(loader(f))))
              .orElseThrow(() ->
                  new Fault.Unsupported(
                      "this installation cannot verify signatures by identity: the folder "
                          + folder().map(Path::toString).orElse(FOLDER)
                          + " with its libraries is missing"));
      found = verifier;
    }
    return verifier;
  }

  private static Optional<KeylessVerifier> first(@Nullable ClassLoader loader) {
    return ServiceLoader.load(KeylessVerifier.class, loader).findFirst();
  }

  private static Optional<Path> folder() {
    CodeSource source = KeylessLoader.class.getProtectionDomain().getCodeSource();
    try {
      return source == null
          ? Optional.empty()
          : Optional.of(Path.of(source.getLocation().toURI()).resolveSibling(FOLDER));
    } catch (URISyntaxException e) {
      throw new Fault.Internal("the program lies at no path: " + e.getMessage(), e);
    }
  }

  /** It is never closed: what it has loaded is used until the process ends. */
  private static ClassLoader loader(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      URL[] jars =
          files
              .filter(f -> f.toString().endsWith(".jar"))
              .sorted()
              .map(KeylessLoader::url)
              .toArray(URL[]::new);
      return new OwnLibraries("sigstore", jars, KeylessLoader.class.getClassLoader());
    } catch (IOException e) {
      throw new Fault.Unsupported(
          "this installation cannot verify signatures by identity: cannot read "
              + folder
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new Fault.Internal("a jar without an address: " + jar, e);
    }
  }
}
