package dev.kemas.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A statement about an image or files (in-toto Attestation Framework, "Statement", v0.1).
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

  /** What a statement is about. */
  public sealed interface About {}

  /**
   * An image under the names it was given.
   *
   * @param names none for one that nobody named
   * @param manifest the digest of its manifest
   */
  public record Subject(List<Reference> names, Platform platform, Digest manifest)
      implements About {
    public Subject {
      names = List.copyOf(names);
    }
  }

  /** Files by their paths, as they are delivered without an image around them. */
  public record Files(SortedMap<String, Digest> contents) implements About {
    public Files {
      contents = Collections.unmodifiableSortedMap(new TreeMap<>(contents));
    }
  }

  /** A statement of any kind. */
  public static Statement of(String predicateType, About subject, JsonNode predicate) {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("_type", TYPE);
    json.put("predicateType", predicateType);
    json.set("subject", subjects(subject));
    json.set("predicate", predicate);
    return new Statement(predicateType, json);
  }

  private static ArrayNode subjects(About about) {
    ArrayNode all = Json.mapper().createArrayNode();
    switch (about) {
      case Subject image -> {
        List<String> names =
            image.names().stream()
                .map(name -> ImagePurl.of(name, Optional.of(image.platform())))
                .toList();
        for (String name : names.isEmpty() ? List.of("_") : names) {
          subject(all, name, image.manifest());
        }
      }
      case Files files -> files.contents().forEach((path, digest) -> subject(all, path, digest));
    }
    return all;
  }

  private static void subject(ArrayNode all, String name, Digest digest) {
    ObjectNode one = all.addObject();
    one.put("name", name);
    one.putObject("digest").put(digest.algorithm(), digest.hex());
  }

  /** What an image holds, as an SPDX 2.3 document. */
  public static Statement spdx(About subject, JsonNode document) {
    return of(SPDX, subject, document);
  }

  /** What an image holds, as a CycloneDX document. */
  public static Statement cycloneDx(About subject, JsonNode document) {
    return of(CYCLONE_DX, subject, document);
  }

  /** How an image was built. */
  public static Statement provenance(About subject, BuildRecord record, Options options) {
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
