package dev.kemas.registry.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A repository's tags, page by page (distribution-spec, "Content Discovery"). */
final class TagList {
  private static final int MOST_TAGS = 100_000;
  private static final int MOST_BYTES = 4 << 20;

  private final Session session;
  private final Reference name;
  private final Access access;

  TagList(Session session, Reference name, Access access) {
    this.session = session;
    this.name = name;
    this.access = access;
  }

  List<String> read() {
    List<String> tags = new ArrayList<>();
    Optional<URI> page = Optional.of(session.at("/tags/list?n=1000"));
    while (page.isPresent()) {
      HttpResponse<InputStream> response = session.ask(HttpRequest.newBuilder().GET(), page.get());
      if (response.statusCode() != 200) {
        throw Failures.of(response, name, access, "list of tags");
      }
      int before = tags.size();
      names(response).forEach(tags::add);
      if (tags.size() > MOST_TAGS) {
        throw new Fault.ResourceExhausted(
            "repository "
                + name.familiarName()
                + " has more than "
                + MOST_TAGS
                + " tags: name one");
      }
      // a page without tags ends the list too, or a registry could go on for ever
      page = tags.size() > before ? NextPage.of(response) : Optional.empty();
    }
    return List.copyOf(tags);
  }

  private List<String> names(HttpResponse<InputStream> response) {
    byte[] body;
    try (InputStream in = response.body()) {
      body = in.readNBytes(MOST_BYTES);
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "registry " + name.domain() + " breaks off in a list of tags: " + e.getMessage(), e);
    }
    List<String> tags = new ArrayList<>();
    for (JsonNode tag : Json.read(body, JsonNode.class, "list of tags").path("tags")) {
      tags.add(tag.asText());
    }
    return tags;
  }
}
