package dev.kemas.sbom;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Writes an inventory as CycloneDX 1.6 JSON (schema {@code bom-1.6.schema.json}). A pure function:
 * same inventory and subject, same document.
 */
public final class CycloneDxDocument {
  private static final String ROOT = "image";

  private CycloneDxDocument() {}

  /** The document. */
  public static ObjectNode of(Inventory inventory, Subject subject) {
    ArrayNode components = Json.mapper().createArrayNode();
    ArrayNode contained = Json.mapper().createArrayNode();
    inventory
        .distribution()
        .ifPresent(d -> {
          ObjectNode system = components.addObject();
          system.put("type", "operating-system");
          system.put("bom-ref", "os:" + d.qualifier());
          system.put("name", d.id());
          system.put("version", d.version());
          system.put("description", d.title());
          contained.add("os:" + d.qualifier());
        });
    for (Component component : inventory.components()) {
      components.add(component(component));
      contained.add(component.purl());
    }
    String content = subject + components.toString() + inventory.remarks();
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("bomFormat", "CycloneDX");
    document.put("specVersion", "1.6");
    document.put(
        "serialNumber", "urn:uuid:" + Stable.uuid(content.getBytes(StandardCharsets.UTF_8)));
    document.put("version", 1);
    document.set("metadata", metadata(subject));
    document.set("components", components);
    ObjectNode root = document.putArray("dependencies").addObject();
    root.put("ref", ROOT);
    root.set("dependsOn", contained);
    document
        .putArray("compositions")
        .addObject()
        .put("aggregate", inventory.remarks().isEmpty() ? "unknown" : "incomplete")
        .putArray("assemblies")
        .add(ROOT);
    remarks(document, inventory.remarks());
    return document;
  }

  private static ObjectNode metadata(Subject subject) {
    ObjectNode metadata = Json.mapper().createObjectNode();
    metadata.put("timestamp", Stable.time(subject));
    metadata
        .putObject("tools")
        .putArray("components")
        .addObject()
        .put("type", "application")
        .put("name", Subject.TOOL)
        .put("version", subject.toolVersion());
    ObjectNode root = metadata.putObject("component");
    root.put("type", "container");
    root.put("bom-ref", ROOT);
    root.put("name", subject.name());
    subject.digest().map(Digest::toString).ifPresent(d -> root.put("version", d));
    return metadata;
  }

  private static ObjectNode component(Component component) {
    ObjectNode one = Json.mapper().createObjectNode();
    int colon = component.ecosystem() == Ecosystem.MAVEN ? component.name().indexOf(':') : -1;
    one.put("type", "library");
    one.put("bom-ref", component.purl());
    if (colon > 0) {
      one.put("group", component.name().substring(0, colon));
    }
    one.put("name", component.name().substring(colon + 1));
    one.put("version", component.version());
    if (!component.checksums().isEmpty()) {
      ArrayNode sums = one.putArray("hashes");
      for (Checksum sum : component.checksums()) {
        sums.addObject().put("alg", sum.algorithm().cycloneDx()).put("content", sum.hex());
      }
    }
    licences(one, component.licences());
    one.put("purl", component.purl());
    ArrayNode places = one.putObject("evidence").putArray("occurrences");
    component.locations().forEach(place -> places.addObject().put("location", place));
    return one;
  }

  /** Either names, or one expression: the schema allows no mixture. */
  private static void licences(ObjectNode one, List<String> texts) {
    Optional<Licences.Expression> together = Licences.all(texts);
    if (together.isEmpty()) {
      return;
    }
    List<Licences.Expression> each = texts.stream().map(Licences::parse).distinct().toList();
    ArrayNode licences = one.putArray("licenses");
    if (each.stream().anyMatch(Licences.Expression::compound)) {
      licences.addObject().put("expression", together.get().text());
      return;
    }
    for (Licences.Expression licence : each) {
      ObjectNode named = licences.addObject().putObject("license");
      if (licence.listed()) {
        named.put("id", licence.text());
      } else {
        named.put("name", licence.refs().get(licence.text()));
      }
    }
  }

  private static void remarks(ObjectNode document, List<Inventory.Remark> remarks) {
    if (!remarks.isEmpty()) {
      ArrayNode properties = document.putArray("properties");
      for (Inventory.Remark remark : remarks) {
        properties
            .addObject()
            .put("name", "kemas:remark")
            .put("value", remark.place() + ": " + remark.text());
      }
    }
  }
}
