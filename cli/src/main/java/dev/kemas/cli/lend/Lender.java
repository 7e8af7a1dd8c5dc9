package dev.kemas.cli.lend;

import dev.kemas.api.client.Endpoint;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** Lends things to an engine over a connection of their own. */
public interface Lender {
  /**
   * Lends this until it is closed.
   *
   * @param environment for secrets that are variables
   * @param shared the same for every build of the same folders, so that only what changed travels
   * @throws Fault.Unavailable when the engine cannot be reached or does not take sessions
   */
  Lending lend(Endpoint engine, Lent lent, Map<String, String> environment, String shared);

  /** What is lent at the moment. */
  interface Lending extends AutoCloseable {
    /** By which a build names it. */
    String id();

    @Override
    void close();
  }

  /**
   * The one that is there: on the class path, or in the folder {@code lib/session} of the
   * distribution. It takes HTTP/2 and more, so it is loaded here and in no start-up cache.
   *
   * @param home of the distribution; empty when it is not known
   * @throws Fault.Unsupported when there is none
   */
  static Lender load(String home) {
    return first(Lender.class.getClassLoader())
        .or(() -> home.isEmpty() ? Optional.empty() : first(below(Path.of(home, "lib/session"))))
        .orElseThrow(() ->
            new Fault.Unsupported(
                "this installation cannot lend files or secrets to a build: the folder lib/session"
                    + " with its libraries is missing"));
  }

  private static Optional<Lender> first(ClassLoader loader) {
    return ServiceLoader.load(Lender.class, loader).findFirst();
  }

  /** It is never closed: what it has loaded is used until the process ends. */
  private static ClassLoader below(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      URL[] jars =
          files
              .filter(file -> file.toString().endsWith(".jar"))
              .sorted()
              .map(Lender::url)
              .toArray(URL[]::new);
      return new URLClassLoader("session", jars, Lender.class.getClassLoader());
    } catch (IOException e) {
      throw new Fault.Unsupported(
          "this installation cannot lend files or secrets to a build: cannot read " + folder, e);
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
