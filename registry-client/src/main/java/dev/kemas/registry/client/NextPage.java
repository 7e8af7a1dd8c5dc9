package dev.kemas.registry.client;

import dev.kemas.fault.Fault;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a list goes on (RFC 8288, as the distribution-spec uses it). */
final class NextPage {
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;.*rel=\"?next\"?.*");

  private NextPage() {}

  /**
   * The next page's address; empty after the last page.
   *
   * @throws Fault.Unavailable when it is no address
   */
  static Optional<URI> of(HttpResponse<InputStream> response) {
    try {
      return response
          .headers()
          .firstValue("Link")
          .map(NEXT::matcher)
          .filter(Matcher::matches)
          .map(m -> response.uri().resolve(URI.create(m.group(1))));
    } catch (IllegalArgumentException e) {
      throw new Fault.Unavailable(
          "registry "
              + response.uri().getAuthority()
              + " sends a malformed Link: "
              + e.getMessage(),
          e);
    }
  }
}
