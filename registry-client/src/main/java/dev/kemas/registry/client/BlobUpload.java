package dev.kemas.registry.client;

import dev.kemas.content.BlobReader;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Reference;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One blob on its way to a repository (distribution-spec, "Pushing blobs"): as a whole with one
 * PUT; after a failure from where the registry has got to; in pieces where a whole is too large for
 * it. For one thread.
 */
final class BlobUpload {
  private static final Logger LOG = LoggerFactory.getLogger(BlobUpload.class);

  /** What goes through the proxies that limit a body; a multiple of what object stores want. */
  private static final long PIECE = 16L << 20;

  private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-(\\d{1,18})");

  private final Session session;
  private final Reference name;
  private final Descriptor blob;
  private final BlobReader content;
  private final Retries retries;
  private final LongConsumer progress;
  private final UploadMemory memory;
  private boolean inPieces;

  BlobUpload(
      Session session,
      Reference name,
      Descriptor blob,
      BlobReader content,
      Retries retries,
      LongConsumer progress,
      UploadMemory memory) {
    this.memory = memory;
    this.session = session;
    this.name = name;
    this.blob = blob;
    this.content = content;
    this.retries = retries;
    this.progress = progress;
  }

  /** Where the registry takes bytes, and how many it has. */
  private record Place(URI at, long offset) {}

  Optional<String> run(List<String> from) {
    Optional<Place> begun = remembered();
    for (String other : begun.isPresent() ? List.<String>of() : from) {
      begun = mount(other);
      if (begun.isEmpty()) {
        memory.over();
        return Optional.of(other);
      }
      if (begun.get().offset() == 0) {
        break; // the registry did not mount, but opened an upload
      }
      begun = Optional.empty();
    }
    Place place = begun.orElseGet(this::open);
    long most = 0;
    for (int attempt = 1; ; attempt++) {
      try {
        send(place);
        memory.over();
        return Optional.empty();
      } catch (Fault.Unavailable | Fault.ResourceExhausted e) {
        if (attempt >= retries.most()) {
          throw e;
        }
        LOG.debug("the upload of {} to {} goes on: {}", blob.digest(), name, e.getMessage());
        Retries.pause(retries.usual(attempt), name.domain());
      }
      place = status(place).orElseGet(this::open);
      if (place.offset() > most) {
        most = place.offset();
        attempt = 0; // it moves
      }
    }
  }

  /** Where an earlier push got to; not worth it where nothing arrived. */
  private Optional<Place> remembered() {
    try {
      Optional<Place> place =
          memory.last().flatMap(at -> status(new Place(at, 0))).filter(p -> p.offset() > 0);
      place.ifPresent(p -> {
        LOG.debug("the upload of {} to {} goes on at {}", blob.digest(), name, p.offset());
        progress.accept(p.offset());
      });
      return place;
    } catch (Fault.Unavailable | Fault.NotFound e) {
      return Optional.empty(); // begin anew: that tells what is wrong, if anything is
    }
  }

  private static final long REFUSED = -1;

  /** Empty when it was mounted; a place at {@link #REFUSED} where it may not be taken from. */
  private Optional<Place> mount(String other) {
    URI to =
        session.at(
            "/blobs/uploads/?mount=" + encode(blob.digest().toString()) + "&from=" + encode(other));
    HttpResponse<InputStream> response =
        session.ask(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()), to);
    Transport.close(response);
    return switch (response.statusCode()) {
      case 201 -> Optional.empty();
      case 202 -> Optional.of(place(response, 0));
      default -> Optional.of(new Place(to, REFUSED));
    };
  }

  private Place open() {
    HttpResponse<InputStream> response =
        session.ask(
            HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()),
            session.at("/blobs/uploads/"));
    if (response.statusCode() != 202) {
      throw refused(response);
    }
    Transport.close(response);
    return place(response, 0);
  }

  private Place place(HttpResponse<InputStream> response, long offset) {
    URI at =
        Transport.location(response, response.uri())
            .orElseThrow(() ->
                new Fault.Unavailable(
                    "registry " + session.endpoint().host() + " does not say where to upload to"));
    memory.at(at);
    return new Place(at, offset);
  }

  /** How far the registry has got; empty when it does not know the upload any more. */
  private Optional<Place> status(Place place) {
    HttpResponse<InputStream> response = session.ask(HttpRequest.newBuilder().GET(), place.at());
    Transport.close(response);
    if (response.statusCode() != 204 && response.statusCode() != 202) {
      return Optional.empty();
    }
    long offset = taken(response);
    if (offset > blob.size()) {
      return Optional.empty();
    }
    Optional<URI> moved = Transport.location(response, response.uri());
    return Optional.of(new Place(moved.orElse(place.at()), offset));
  }

  /** {@code 0-9} means ten bytes; distribution says {@code 0-0} for one and for none. */
  private static long taken(HttpResponse<InputStream> response) {
    return response
        .headers()
        .firstValue("Range")
        .map(RANGE::matcher)
        .filter(Matcher::matches)
        .map(m -> Long.parseLong(m.group(1)))
        .map(last -> last == 0 ? 0 : last + 1)
        .orElse(0L);
  }

  private void send(Place start) {
    Place place = start;
    if (!inPieces && place.offset() == 0) {
      if (finish(place, 0)) {
        return;
      }
      inPieces = true;
      place = status(place).orElseGet(this::open);
    }
    while (place.offset() < blob.size()) {
      long left = blob.size() - place.offset();
      place = piece(place, inPieces ? Math.min(PIECE, left) : left);
    }
    finish(place, blob.size());
  }

  private Place piece(Place place, long count) {
    SentBody body = new SentBody(content, place.offset(), count, progress);
    HttpRequest.Builder request =
        HttpRequest.newBuilder()
            .header("Content-Type", "application/octet-stream")
            .header("Content-Range", place.offset() + "-" + (place.offset() + count - 1))
            .method("PATCH", body.publisher());
    HttpResponse<InputStream> response = session.ask(request, place.at(), body);
    if (response.statusCode() == 416) {
      Transport.close(response);
      throw new Fault.Unavailable(
          "registry "
              + session.endpoint().host()
              + " has got to another place in "
              + blob.digest());
    }
    if (response.statusCode() / 100 != 2) {
      throw refused(response);
    }
    Transport.close(response);
    return place(response, place.offset() + count);
  }

  /**
   * Sends what is left and names the digest.
   *
   * @return false when so much at once is too large for the registry, or a proxy before it
   */
  private boolean finish(Place place, long from) {
    SentBody body = new SentBody(content, from, blob.size() - from, progress);
    String mark = place.at().getRawQuery() == null ? "?" : "&";
    URI to = URI.create(place.at() + mark + "digest=" + encode(blob.digest().toString()));
    HttpRequest.Builder request =
        HttpRequest.newBuilder()
            .header("Content-Type", "application/octet-stream")
            .PUT(body.publisher());
    HttpResponse<InputStream> response = session.ask(request, to, body);
    if (response.statusCode() == 413 && from == 0 && blob.size() > PIECE) {
      Transport.close(response);
      return false;
    }
    if (response.statusCode() / 100 != 2) {
      throw refused(response);
    }
    Transport.close(response);
    return true;
  }

  private Fault refused(HttpResponse<InputStream> response) {
    return Failures.of(response, name, Access.PUSH, "upload of blob " + blob.digest());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
