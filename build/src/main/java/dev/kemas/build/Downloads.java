package dev.kemas.build;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Fetches what ADD names by address, each address once in a build. Safe for several threads. */
final class Downloads implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(30);

  /**
   * A fetched file.
   *
   * @param modified what the server says, or the time of the fetch
   */
  record Fetched(Path file, Digest digest, Instant modified) {}

  private final Path scratch;
  private final Map<String, Fetched> known = new ConcurrentHashMap<>();
  private Optional<HttpClient> client = Optional.empty();

  Downloads(Path scratch) {
    this.scratch = scratch;
  }

  /** Removes what downloads of a process that is no more have left. */
  static void collect(Path scratch) {
    if (Files.isDirectory(scratch)) {
      try (Directory folder = Directory.open(scratch)) {
        folder.list().forEach(entry -> folder.removeTree(entry.name()));
      }
    }
  }

  /** The last part of an address's path, what a file fetched from it is called. */
  static Optional<String> fileName(String address) {
    String path = Optional.ofNullable(uri(address).getPath()).orElse("");
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.isEmpty() || name.equals(".") || name.equals("..")
        ? Optional.empty()
        : Optional.of(name);
  }

  private static URI uri(String address) {
    try {
      return new URI(address);
    } catch (URISyntaxException e) {
      throw new Fault.InvalidArgument(
          "invalid address \"%s\": %s".formatted(address, e.getMessage()), e);
    }
  }

  /**
   * The file behind an address.
   *
   * @throws Fault.Unavailable when the server cannot be reached or does not give it
   * @throws Fault.Cancelled when the build is over
   */
  Fetched fetch(String address, Cancellation cancelled) {
    Fetched found = known.get(address);
    if (found == null) {
      found = download(address, cancelled);
      known.put(address, found);
    }
    return found;
  }

  private synchronized HttpClient client() {
    HttpClient made =
        client.orElseGet(() ->
            HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT)
                .build());
    client = Optional.of(made);
    return made;
  }

  private Fetched download(String address, Cancellation cancelled) {
    Cancellation.Registration registration = cancelled.onCancel(Thread.currentThread()::interrupt);
    try {
      HttpResponse<InputStream> response =
          client()
              .send(
                  HttpRequest.newBuilder(uri(address)).GET().build(),
                  HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() >= 400) {
          throw new Fault.Unavailable(
              "failed to GET %s with status %d".formatted(address, response.statusCode()));
        }
        return store(body, modified(response));
      }
    } catch (InterruptedException e) {
      cancelled.check();
      throw new Fault.Cancelled("interrupted while fetching " + address);
    } catch (IOException e) {
      cancelled.check();
      throw new Fault.Unavailable("cannot fetch %s: %s".formatted(address, e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      throw new Fault.InvalidArgument(
          "invalid address \"%s\": %s".formatted(address, e.getMessage()), e);
    } finally {
      registration.close();
    }
  }

  private Fetched store(InputStream body, Instant modified) throws IOException {
    Path file = Files.createTempFile(Files.createDirectories(scratch), "add-", "");
    MessageDigest hasher = Digest.sha256Hasher();
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        hasher.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    return new Fetched(file, Digest.sha256(hasher.digest()), modified);
  }

  private static Instant modified(HttpResponse<InputStream> response) {
    Optional<String> text = response.headers().firstValue("Last-Modified");
    try {
      return text.map(t -> ZonedDateTime.parse(t, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
          .orElseGet(Instant::now);
    } catch (DateTimeParseException e) {
      return Instant.now(); // a server that cannot tell the time is as good as one that is silent
    }
  }

  @Override
  public synchronized void close() {
    try {
      for (Fetched fetched : known.values()) {
        Files.deleteIfExists(fetched.file());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      client.ifPresent(HttpClient::shutdownNow);
    }
  }
}
