package dev.kemas.sbom;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Writes an inventory as SPDX 2.3 JSON (schema {@code spdx-schema.json} of that version). A pure
 * function: same inventory and subject, same document.
 */
public final class SpdxDocument {
  private static final String ROOT = "SPDXRef-Image";
  private static final String NONE = "NOASSERTION";
  private static final Pattern NOT_ID = Pattern.compile("[^A-Za-z0-9.-]+");
  private static final int LONGEST_ID = 80;

  private SpdxDocument() {}

  /** The document. */
  public static ObjectNode of(Inventory inventory, Subject subject) {
    ObjectNode document = Json.mapper().createObjectNode();
    SortedMap<String, String> refs = new TreeMap<>();
    document.put("spdxVersion", "SPDX-2.3");
    document.put("dataLicense", "CC0-1.0");
    document.put("SPDXID", "SPDXRef-DOCUMENT");
    document.put("name", subject.name());
    ArrayNode packages = Json.mapper().createArrayNode();
    ArrayNode relationships = Json.mapper().createArrayNode();
    relate(relationships, "SPDXRef-DOCUMENT", "DESCRIBES", ROOT);
    packages.add(root(inventory, subject));
    for (Component component : inventory.components()) {
      ObjectNode one = component(component, refs);
      packages.add(one);
      relate(relationships, ROOT, "CONTAINS", one.path("SPDXID").textValue());
    }
    // the namespace names this document and no other: that of its content does
    String content = subject + packages.toString() + inventory.remarks();
    document.put(
        "documentNamespace",
        "urn:uuid:" + Stable.uuid(content.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    ObjectNode creation = document.putObject("creationInfo");
    creation.put("created", Stable.time(subject));
    creation.putArray("creators").add("Tool: " + Subject.TOOL + "-" + subject.toolVersion());
    document.set("packages", packages);
    extracted(document, refs);
    document.set("relationships", relationships);
    annotations(document, inventory.remarks(), subject);
    return document;
  }

  private static ObjectNode root(Inventory inventory, Subject subject) {
    ObjectNode root = Json.mapper().createObjectNode();
    root.put("name", subject.name());
    root.put("SPDXID", ROOT);
    subject.digest().map(Digest::toString).ifPresent(d -> root.put("versionInfo", d));
    root.put("downloadLocation", NONE);
    root.put("filesAnalyzed", false);
    subject
        .digest()
        .ifPresent(d -> {
          ObjectNode sum = root.putArray("checksums").addObject();
          sum.put("algorithm", d.algorithm().equals("sha512") ? "SHA512" : "SHA256");
          sum.put("checksumValue", d.hex());
        });
    inventory.distribution().ifPresent(d -> root.put("comment", "made of " + d.title()));
    root.put("licenseConcluded", NONE);
    root.put("licenseDeclared", NONE);
    root.put("copyrightText", NONE);
    root.put("primaryPackagePurpose", "CONTAINER");
    return root;
  }

  private static ObjectNode component(Component component, SortedMap<String, String> refs) {
    ObjectNode one = Json.mapper().createObjectNode();
    one.put("name", component.name());
    one.put("SPDXID", id(component));
    one.put("versionInfo", component.version());
    one.put("downloadLocation", NONE);
    one.put("filesAnalyzed", false);
    if (!component.checksums().isEmpty()) {
      ArrayNode sums = one.putArray("checksums");
      for (Checksum sum : component.checksums()) {
        sums.addObject().put("algorithm", sum.algorithm().spdx()).put("checksumValue", sum.hex());
      }
    }
    one.put("sourceInfo", "found at " + String.join(", ", component.locations()));
    one.put("licenseConcluded", NONE);
    Optional<Licences.Expression> licence = Licences.all(component.licences());
    one.put("licenseDeclared", licence.map(Licences.Expression::text).orElse(NONE));
    licence.ifPresent(l -> refs.putAll(l.refs()));
    one.put("copyrightText", NONE);
    one.putArray("externalRefs")
        .addObject()
        .put("referenceCategory", "PACKAGE-MANAGER")
        .put("referenceType", "purl")
        .put("referenceLocator", component.purl());
    return one;
  }

  private static String id(Component component) {
    String readable =
        NOT_ID.matcher(component.ecosystem().type() + "-" + component.name()).replaceAll("-");
    return "SPDXRef-Package-"
        + readable.substring(0, Math.min(LONGEST_ID, readable.length()))
        + "-"
        + Stable.hash(component.purl());
  }

  private static void relate(ArrayNode relationships, String from, String type, String to) {
    relationships
        .addObject()
        .put("spdxElementId", from)
        .put("relationshipType", type)
        .put("relatedSpdxElement", to);
  }

  /** Section 10: what stands behind the names that SPDX does not list. */
  private static void extracted(ObjectNode document, SortedMap<String, String> refs) {
    if (refs.isEmpty()) {
      return;
    }
    ArrayNode all = document.putArray("hasExtractedLicensingInfos");
    for (Map.Entry<String, String> ref : refs.entrySet()) {
      all.addObject()
          .put("licenseId", ref.getKey())
          .put("name", ref.getValue())
          .put("extractedText", "The package names its licence \"" + ref.getValue() + "\".");
    }
  }

  private static void annotations(
      ObjectNode document, List<Inventory.Remark> remarks, Subject subject) {
    if (remarks.isEmpty()) {
      return;
    }
    ArrayNode all = document.putArray("annotations");
    for (Inventory.Remark remark : remarks) {
      all.addObject()
          .put("annotationDate", Stable.time(subject))
          .put("annotationType", "OTHER")
          .put("annotator", "Tool: " + Subject.TOOL + "-" + subject.toolVersion())
          .put("comment", remark.place() + ": " + remark.text());
    }
  }
}
