package dev.kemas.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.util.List;

/**
 * A statement about an image (in-toto Attestation Framework, "Statement", v0.1).
 *
 * @param predicateType what kind of statement it is, a URI
 * @param json the statement
 */
public record Statement(String predicateType, ObjectNode json) {
  /** The media type that statements have in a registry. */
  public static final String MEDIA_TYPE = "application/vnd.in-toto+json";

  /** The type of a statement that holds an SPDX document. */
  public static final String SPDX = "https://spdx.dev/Document";

  /** The type of a statement that holds a CycloneDX document. */
  public static final String CYCLONE_DX = "https://cyclonedx.org/bom";

  private static final String TYPE = "https://in-toto.io/Statement/v0.1";

  /**
   * What a statement is about: an image under the names it was given.
   *
   * @param names none for one that nobody named
   * @param manifest the digest of its manifest
   */
  public record Subject(List<Reference> names, Platform platform, Digest manifest) {
    public Subject {
      names = List.copyOf(names);
    }
  }

  /** A statement of any kind. */
  public static Statement of(String predicateType, Subject subject, JsonNode predicate) {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("_type", TYPE);
    json.put("predicateType", predicateType);
    json.set("subject", subjects(subject));
    json.set("predicate", predicate);
    return new Statement(predicateType, json);
  }

  private static ArrayNode subjects(Subject subject) {
    ArrayNode all = Json.mapper().createArrayNode();
    List<String> names =
        subject.names().stream()
            .map(name -> ImagePurl.of(name, java.util.Optional.of(subject.platform())))
            .toList();
    for (String name : names.isEmpty() ? List.of("_") : names) {
      ObjectNode one = all.addObject();
      one.put("name", name);
      one.putObject("digest").put(subject.manifest().algorithm(), subject.manifest().hex());
    }
    return all;
  }

  /** What an image holds, as an SPDX 2.3 document. */
  public static Statement spdx(Subject subject, JsonNode document) {
    return of(SPDX, subject, document);
  }

  /** What an image holds, as a CycloneDX document. */
  public static Statement cycloneDx(Subject subject, JsonNode document) {
    return of(CYCLONE_DX, subject, document);
  }

  /** How an image was built. */
  public static Statement provenance(Subject subject, BuildRecord record, Options options) {
    JsonNode predicate =
        switch (options.version()) {
          case V0_2 -> Slsa02.predicate(record, options);
          case V1 -> Slsa1.predicate(record, options);
        };
    return of(options.version().predicateType(), subject, predicate);
  }

  /** Compactly, UTF-8. */
  public byte[] bytes() {
    return Json.write(json);
  }
}
