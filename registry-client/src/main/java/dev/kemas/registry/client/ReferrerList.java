package dev.kemas.registry.client;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What refers to a manifest, page by page; from the index under the tag {@code sha256-<hex>} where
 * the registry has no such list (distribution-spec, "Listing Referrers" and "Unavailable Referrers
 * API").
 */
final class ReferrerList {
  private static final int MOST = 10_000;
  private static final int MOST_PAGES = 100;

  /** How registries answer that do not know the question: 404 is what the specification has. */
  private static final Set<Integer> UNKNOWN = Set.of(400, 404, 405, 406);

  private final Session session;
  private final Reference name;
  private final Access access;
  private final Duration stall;

  ReferrerList(Session session, Reference name, Access access, Duration stall) {
    this.session = session;
    this.name = name;
    this.access = access;
    this.stall = stall;
  }

  List<Descriptor> read(Digest subject, Optional<String> artifactType) {
    List<Descriptor> all = new ArrayList<>();
    String filter =
        artifactType
            .map(type -> "?artifactType=" + URLEncoder.encode(type, StandardCharsets.UTF_8))
            .orElse("");
    Optional<URI> page = Optional.of(session.at("/referrers/" + subject + filter));
    for (int pages = 1; page.isPresent(); pages++) {
      HttpResponse<InputStream> response = ask(page.get());
      if (!isList(response)) {
        Transport.close(response);
        return filtered(underTag(subject), artifactType);
      }
      int before = all.size();
      all.addAll(descriptors(response, subject));
      requireFew(pages > MOST_PAGES ? MOST + 1 : all.size(), subject);
      // a page without anything ends the list too, or a registry could go on for ever
      page = all.size() > before ? NextPage.of(response) : Optional.empty();
    }
    return filtered(all, artifactType);
  }

  private HttpResponse<InputStream> ask(URI page) {
    return session.ask(HttpRequest.newBuilder().GET().header("Accept", MediaType.OCI_INDEX), page);
  }

  /** Some that do not know the question answer with a page for people. */
  private boolean isList(HttpResponse<InputStream> response) {
    if (response.statusCode() == 200) {
      return response
          .headers()
          .firstValue("Content-Type")
          .map(type -> type.split(";", 2)[0].strip().equals(MediaType.OCI_INDEX))
          .orElse(false);
    }
    if (UNKNOWN.contains(response.statusCode())) {
      return false;
    }
    throw Failures.of(response, name, access, "list of referrers");
  }

  private List<Descriptor> underTag(Digest subject) {
    HttpResponse<InputStream> response = ask(session.at("/manifests/" + tag(subject)));
    if (response.statusCode() == 404) {
      Transport.close(response);
      return List.of();
    }
    if (response.statusCode() != 200) {
      throw Failures.of(response, name, access, "list of referrers");
    }
    List<Descriptor> all = descriptors(response, subject);
    requireFew(all.size(), subject);
    return all;
  }

  private static String tag(Digest subject) {
    String hex = subject.hex();
    return subject.algorithm() + "-" + hex.substring(0, Math.min(64, hex.length()));
  }

  private List<Descriptor> descriptors(HttpResponse<InputStream> response, Digest subject) {
    try (InputStream in = new StallGuard(response.body(), stall)) {
      byte[] bytes = in.readNBytes(Repository.MAX_MANIFEST + 1);
      if (bytes.length > Repository.MAX_MANIFEST) {
        throw new Fault.InvalidArgument(
            "the list of what refers to "
                + subject
                + " has more than the "
                + Repository.MAX_MANIFEST
                + " bytes allowed");
      }
      return Json.read(bytes, Index.class, "list of referrers").manifests();
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "registry " + name.domain() + " breaks off in a list of referrers: " + e.getMessage(), e);
    }
  }

  private void requireFew(int number, Digest subject) {
    if (number > MOST) {
      throw new Fault.ResourceExhausted(
          "more than "
              + MOST
              + " artifacts refer to "
              + subject
              + " in "
              + name.familiarName()
              + ": remove some");
    }
  }

  /** A registry may leave the filtering to the client, and the tag always does. */
  private static List<Descriptor> filtered(List<Descriptor> all, Optional<String> artifactType) {
    return all.stream()
        .filter(d -> artifactType.isEmpty() || d.artifactType().equals(artifactType))
        .toList();
  }
}
