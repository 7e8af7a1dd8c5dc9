package dev.kemas.git;

import dev.kemas.address.Reach;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a web address of a repository has moved to. git itself follows nothing here, since it would
 * follow to anywhere: each step is looked at first.
 */
final class Redirects {
  private static final String SERVICE = "/info/refs?service=git-upload-pack";
  private static final int MOST = 5;
  private static final Duration WAIT = Duration.ofSeconds(30);

  private final Transport transport;

  Redirects(Transport transport) {
    this.transport = transport;
  }

  /** Whether git's complaint is that the repository is elsewhere. */
  static boolean isRedirect(String complaint) {
    return complaint.matches("(?s).*requested URL returned error: 30[12378].*");
  }

  /**
   * The address at the end of the way.
   *
   * @throws Fault.Forbidden when the way leads inwards or away from encryption
   */
  GitAddress follow(GitAddress first, Reach from) {
    Reach reach = transport.route(first, GitLogin.NONE, from).reach();
    GitAddress at = first;
    try (HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(WAIT)
            .build()) {
      for (int i = 0; i < MOST; i++) {
        Optional<GitAddress> next = next(client, at);
        if (next.isEmpty()) {
          return at;
        }
        if (at.scheme().equals("https") && !next.get().scheme().equals("https")) {
          throw new Fault.Forbidden("%s leads from https to %s".formatted(first, next.get()));
        }
        reach = transport.route(next.get(), GitLogin.NONE, reach).reach();
        at = next.get();
      }
    }
    throw new Fault.Unavailable("%s moves on and on".formatted(first));
  }

  private static Optional<GitAddress> next(HttpClient client, GitAddress at) {
    URI asked = URI.create(at.remote() + SERVICE);
    HttpRequest request = HttpRequest.newBuilder(asked).timeout(WAIT).GET().build();
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      response.body().close();
      String location = response.headers().firstValue("Location").orElse("");
      if (response.statusCode() / 100 != 3 || location.isEmpty()) {
        return Optional.empty();
      }
      String next = asked.resolve(location).toString();
      if (!next.endsWith(SERVICE)) {
        throw new Fault.Unavailable("%s leads to %s, which is no repository".formatted(at, next));
      }
      GitAddress place = GitAddress.parse(next.substring(0, next.length() - SERVICE.length()));
      return Optional.of(
          new GitAddress(
              place.remote(),
              place.scheme(),
              place.host(),
              place.port(),
              Optional.empty(),
              at.ref(),
              at.subdirectory(),
              at.options()));
    } catch (IllegalArgumentException e) {
      throw new Fault.Unavailable("%s leads to what is no address".formatted(at), e);
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot ask %s: %s".formatted(at, e.getMessage()), e);
    } catch (InterruptedException e) {
      throw new Fault.Cancelled("interrupted while %s was asked".formatted(at));
    }
  }
}
