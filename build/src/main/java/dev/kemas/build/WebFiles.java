package dev.kemas.build;

import dev.kemas.address.Reach;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Fetches files by http and https and keeps them on a {@link WebShelf}, so that one which its
 * server calls unchanged is not fetched again (RFC 9110, "Conditional Requests"). A redirect leads
 * outwards only: from the internet never to a network of one's own, never to this link, where
 * clouds keep their metadata. Bounded in bytes and in time without progress. Safe for several
 * threads.
 */
final class WebFiles {
  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final int MOST_REDIRECTS = 10;

  /**
   * What may be fetched.
   *
   * @param mostBytes of one file
   * @param idle how long a server may send nothing
   */
  record Rules(long mostBytes, Duration idle) {
    static final Rules DEFAULT = new Rules(32L << 30, Duration.ofMinutes(2));
  }

  /**
   * A fetched file.
   *
   * @param file a name of its own for who asked, to be removed by them
   * @param modified what the server says; the begin of 1970 when it is silent, so that the same
   *     file is the same on another day
   */
  record Fetched(Path file, Digest digest, Instant modified) {}

  /** Is told how far a file has come. */
  @FunctionalInterface
  interface Meter {
    /** Tells nobody. */
    Meter NONE = (came, all) -> {};

    /**
     * Called after some more has come.
     *
     * @param all 0 when the server does not say
     */
    void came(long bytes, long all);
  }

  private final WebShelf shelf;
  private final Rules rules;

  WebFiles(WebShelf shelf, Rules rules) {
    this.shelf = shelf;
    this.rules = rules;
  }

  /** The last part of an address's path, what a file fetched from it is called. */
  static Optional<String> fileName(String address) {
    String path = Optional.ofNullable(uri(address).getPath()).orElse("");
    String name = path.substring(path.lastIndexOf('/') + 1);
    boolean usable = !name.isEmpty() && !name.equals(".") && !name.equals("..");
    return usable && name.indexOf('\0') < 0 ? Optional.of(name) : Optional.empty();
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
   * @param wanted what it must hash to; one that is here already is not asked for
   * @param into a folder for the name that the caller gets
   * @throws Fault.Unavailable when the server cannot be reached, does not give it or stops
   * @throws Fault.DataLoss when it is not what was wanted
   * @throws Fault.Forbidden when it would have to be fetched from further inside
   * @throws Fault.ResourceExhausted when it is too large
   * @throws Fault.Cancelled when the build is over
   */
  Fetched fetch(
      String address, Optional<Digest> wanted, Path into, Meter meter, Cancellation cancelled) {
    Optional<WebShelf.Known> known = shelf.known(address);
    if (wanted.isPresent()) {
      Optional<Fetched> here = shelf.take(wanted.get(), known, into);
      if (here.isPresent()) {
        return here.get();
      }
    }
    Cancellation.Registration registration = cancelled.onCancel(Thread.currentThread()::interrupt);
    try (HttpClient client = client()) {
      HttpResponse<InputStream> response = send(client, address, known);
      try (InputStream body = response.body()) {
        if (response.statusCode() == 304 && known.isPresent()) {
          Optional<Fetched> same = shelf.take(known.get().digest(), known, into);
          if (same.isPresent()) {
            return checked(address, same.get(), wanted);
          }
        }
        if (response.statusCode() != 200) {
          throw new Fault.Unavailable(
              "failed to GET %s with status %d".formatted(address, response.statusCode()));
        }
        return checked(address, store(address, response, body, into, meter), wanted);
      } finally {
        client.shutdownNow();
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

  private static Fetched checked(String address, Fetched fetched, Optional<Digest> wanted) {
    wanted
        .filter(digest -> !digest.equals(fetched.digest()))
        .ifPresent(digest -> {
          throw new Fault.DataLoss(
              "digest mismatch: %s is %s, want %s".formatted(address, fetched.digest(), digest));
        });
    return fetched;
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECT)
        .build();
  }

  private HttpResponse<InputStream> send(
      HttpClient client, String address, Optional<WebShelf.Known> known)
      throws IOException, InterruptedException {
    URI at = uri(address);
    Reach from = Reach.LOOPBACK;
    for (int i = 0; i <= MOST_REDIRECTS; i++) {
      from = permitted(address, at, from, i == 0);
      HttpRequest.Builder request = HttpRequest.newBuilder(at).timeout(rules.idle()).GET();
      known.flatMap(WebShelf.Known::tag).ifPresent(tag -> request.header("If-None-Match", tag));
      known
          .flatMap(WebShelf.Known::lastModified)
          .ifPresent(time -> request.header("If-Modified-Since", time));
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      Optional<String> location = response.headers().firstValue("Location");
      if (!List.of(301, 302, 303, 307, 308).contains(response.statusCode()) || location.isEmpty()) {
        return response;
      }
      response.body().close();
      URI next = at.resolve(uri(location.get()));
      if ("https".equals(at.getScheme()) && !"https".equals(next.getScheme())) {
        throw new Fault.Forbidden("%s leads from https to %s".formatted(address, next));
      }
      at = next;
    }
    throw new Fault.Unavailable("%s is redirected on and on".formatted(address));
  }

  /**
   * Where a host is; refuses to go there when that is further inside than where we come from. The
   * name is looked up once more for the connection, which the runtime answers from its memory.
   */
  private static Reach permitted(String address, URI at, Reach from, boolean first) {
    String scheme = Optional.ofNullable(at.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    String host = Optional.ofNullable(at.getHost()).orElse("");
    if (host.isEmpty() || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new Fault.InvalidArgument(
          "invalid address \"%s\": \"%s\" is no http or https address".formatted(address, at));
    }
    List<InetAddress> places;
    try {
      places = Arrays.asList(InetAddress.getAllByName(host.replaceFirst("^\\[(.*)\\]$", "$1")));
    } catch (UnknownHostException e) {
      throw new Fault.Unavailable(
          "cannot fetch %s: nobody knows the host %s".formatted(address, host), e);
    }
    Reach reach = places.stream().map(Reach::of).min(Reach::compareTo).orElse(Reach.PUBLIC);
    if (reach == Reach.LINK || !(first || from.permits(reach))) {
      throw new Fault.Forbidden(
          "%s leads to %s, at the internal address %s: refused"
              .formatted(address, at, places.getFirst().getHostAddress()));
    }
    return reach;
  }

  private Fetched store(
      String address, HttpResponse<InputStream> response, InputStream body, Path into, Meter meter)
      throws IOException {
    long announced = response.headers().firstValueAsLong("Content-Length").orElse(0);
    if (announced > rules.mostBytes()) {
      throw tooLarge(address);
    }
    Optional<String> modified = response.headers().firstValue("Last-Modified");
    try (WatchedStream watched = new WatchedStream(body, rules.idle());
        WebShelf.Coming coming = shelf.begin()) {
      byte[] buffer = new byte[1 << 16];
      for (int n = watched.read(buffer); n >= 0; n = watched.read(buffer)) {
        coming.write(buffer, n);
        if (coming.size() > rules.mostBytes()) {
          throw tooLarge(address);
        }
        meter.came(coming.size(), announced);
      }
      return coming.finish(
          address, response.headers().firstValue("ETag"), modified, instant(modified), into);
    }
  }

  private Fault.ResourceExhausted tooLarge(String address) {
    return new Fault.ResourceExhausted(
        "%s has more than the %d bytes that are fetched".formatted(address, rules.mostBytes()));
  }

  private static Instant instant(Optional<String> text) {
    try {
      return text.map(t -> ZonedDateTime.parse(t, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
          .orElse(Instant.EPOCH);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH; // a server that cannot tell the time is as good as one that is silent
    }
  }
}
