package dev.kemas.sbom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kemas.oci.Digest;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentsTest {
  static final Subject SUBJECT =
      new Subject(
          "example:1",
          Optional.of(Digest.of(new byte[] {1})),
          Instant.parse("2026-01-02T03:04:05.678Z"),
          "0.1");

  private static Component component(String name, String... licences) {
    return new Component(
        Ecosystem.PYPI,
        name,
        "1",
        "pkg:pypi/" + name + "@1",
        List.of(licences),
        List.of("/" + name),
        List.of(new Checksum(Checksum.Algorithm.SHA1, "0a".repeat(20))));
  }

  private static Inventory inventory(boolean reversed) {
    Component a = component("a", "MIT", "GPL-2+ or Artistic");
    Component b = component("b", "Our own, see COPYING");
    Component maven =
        new Component(
            Ecosystem.MAVEN,
            "g:m",
            "2",
            "pkg:maven/g/m@2",
            List.of(),
            List.of("/m.jar"),
            List.of());
    return new Inventory(
        Optional.of(new Inventory.Distribution("debian", "13", "Debian 13")),
        reversed ? List.of(maven, b, a) : List.of(a, b, maven),
        List.of(new Inventory.Remark("/x.jar", "is not a zip archive")));
  }

  @Test
  void spdx_has_what_its_schema_wants() {
    ObjectNode document = SpdxDocument.of(inventory(false), SUBJECT);

    assertThat(document.path("spdxVersion").textValue()).isEqualTo("SPDX-2.3");
    assertThat(document.path("dataLicense").textValue()).isEqualTo("CC0-1.0");
    assertThat(document.path("documentNamespace").textValue()).matches("urn:uuid:[0-9a-f-]{36}");
    assertThat(document.path("creationInfo").path("created").textValue())
        .isEqualTo("2026-01-02T03:04:05Z");
    Set<String> ids = new HashSet<>(Set.of("SPDXRef-DOCUMENT"));
    for (JsonNode one : document.path("packages")) {
      assertThat(one.path("SPDXID").textValue()).matches("SPDXRef-[A-Za-z0-9.-]+");
      assertThat(ids.add(one.path("SPDXID").textValue())).isTrue();
      assertThat(one.path("downloadLocation").textValue()).isEqualTo("NOASSERTION");
      assertThat(one.path("filesAnalyzed").booleanValue()).isFalse();
    }
    assertThat(document.path("relationships")).hasSize(4);
    document
        .path("relationships")
        .forEach(r ->
            assertThat(ids)
                .contains(r.path("spdxElementId").textValue())
                .contains(r.path("relatedSpdxElement").textValue()));
    assertThat(document.at("/packages/1/licenseDeclared").textValue())
        .isEqualTo("(GPL-2.0-or-later OR Artistic-1.0-Perl) AND MIT");
    assertThat(document.at("/packages/2/licenseDeclared").textValue())
        .isEqualTo("LicenseRef-Our-own-see-COPYING");
    assertThat(document.at("/hasExtractedLicensingInfos/0/licenseId").textValue())
        .isEqualTo("LicenseRef-Our-own-see-COPYING");
    assertThat(document.at("/packages/1/externalRefs/0/referenceLocator").textValue())
        .isEqualTo("pkg:pypi/a@1");
    assertThat(document.at("/annotations/0/comment").textValue())
        .isEqualTo("/x.jar: is not a zip archive");
  }

  @Test
  void cyclonedx_has_what_its_schema_wants() {
    ObjectNode document = CycloneDxDocument.of(inventory(false), SUBJECT);

    assertThat(document.path("bomFormat").textValue()).isEqualTo("CycloneDX");
    assertThat(document.path("specVersion").textValue()).isEqualTo("1.6");
    assertThat(document.path("serialNumber").textValue())
        .matches("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    Set<String> refs = new HashSet<>();
    document
        .path("components")
        .forEach(c -> {
          assertThat(refs.add(c.path("bom-ref").textValue())).isTrue();
          assertThat(c.path("type").textValue()).isIn("library", "operating-system");
        });
    document.at("/dependencies/0/dependsOn").forEach(d -> assertThat(refs).contains(d.textValue()));
    assertThat(document.at("/components/1/licenses/0/expression").textValue())
        .isEqualTo("(GPL-2.0-or-later OR Artistic-1.0-Perl) AND MIT");
    assertThat(document.at("/components/2/licenses/0/license/name").textValue())
        .isEqualTo("Our own, see COPYING");
    assertThat(document.at("/components/3/group").textValue()).isEqualTo("g");
    assertThat(document.at("/compositions/0/aggregate").textValue()).isEqualTo("incomplete");
  }

  @Test
  void the_order_of_finding_changes_nothing_and_content_changes_the_name() {
    assertThat(SpdxDocument.of(inventory(true), SUBJECT).toString())
        .isEqualTo(SpdxDocument.of(inventory(false), SUBJECT).toString());
    assertThat(CycloneDxDocument.of(inventory(true), SUBJECT).toString())
        .isEqualTo(CycloneDxDocument.of(inventory(false), SUBJECT).toString());
    Inventory other = new Inventory(Optional.empty(), List.of(component("c")), List.of());
    assertThat(SpdxDocument.of(other, SUBJECT).path("documentNamespace"))
        .isNotEqualTo(SpdxDocument.of(inventory(false), SUBJECT).path("documentNamespace"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MIT | MIT",
        "apache 2.0 | Apache-2.0",
        "GPL-3.0-or-later WITH GCC-exception-3.1 | GPL-3.0-or-later WITH GCC-exception-3.1",
        "GPLv2+ and (MIT or BSD-3-clause) | GPL-2.0-or-later AND (MIT OR BSD-3-Clause)",
        "MIT and Odd | MIT AND LicenseRef-Odd",
        "MIT WITH a-thing | LicenseRef-MIT-WITH-a-thing",
        "MIT and | LicenseRef-MIT-and",
        "(MIT | LicenseRef--MIT",
        "see http://x/y | LicenseRef-see-http-x-y",
      })
  void licences_become_expressions(String said, String expression) {
    assertThat(Licences.parse(said).text()).isEqualTo(expression);
  }
}
