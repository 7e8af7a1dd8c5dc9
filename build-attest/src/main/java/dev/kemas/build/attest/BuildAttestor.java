package dev.kemas.build.attest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.build.Attestor;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.Built;
import dev.kemas.build.Export;
import dev.kemas.build.Workspaces;
import dev.kemas.fault.Fault;
import dev.kemas.image.Attestation;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.provenance.BuildRecord;
import dev.kemas.provenance.Statement;
import dev.kemas.sbom.CycloneDxDocument;
import dev.kemas.sbom.Inventory;
import dev.kemas.sbom.PackageScan;
import dev.kemas.sbom.ScanLimits;
import dev.kemas.sbom.SpdxDocument;
import dev.kemas.sbom.Subject;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@link Attestor} of one build: SLSA provenance from the request and the plan, bills of materials
 * from the image's files. Thread-safe.
 */
public final class BuildAttestor implements Attestor {
  private final AttestationOptions options;
  private final Run run;

  /**
   * What only the door knows that the build came through.
   *
   * @param id of this build
   * @param frontend {@code dockerfile.v0}
   * @param vcs what the client says of its checkout: {@code source}, {@code revision}
   */
  public record Run(String id, String frontend, SortedMap<String, String> vcs) {
    public Run {
      vcs = Collections.unmodifiableSortedMap(new TreeMap<>(vcs));
    }
  }

  /** For one build. */
  public BuildAttestor(AttestationOptions options, Run run) {
    this.options = options;
    this.run = run;
  }

  @Override
  public Attestation.Source about(Built built, Export.Delivery delivery, List<Reference> names) {
    Optional<Inventory> inventory =
        options.bills().isEmpty() ? Optional.empty() : Optional.of(scan(built, delivery));
    Export.Origin origin = delivery.origin();
    return manifest -> {
      Statement.Subject subject = new Statement.Subject(names, built.platform(), manifest);
      List<Attestation> all = new ArrayList<>();
      inventory.ifPresent(found -> {
        Subject of =
            new Subject(
                names.isEmpty() ? "image" : names.getFirst().familiar(),
                // the statement's subject has the digest, and follows it when layers are packed
                Optional.empty(),
                origin.request().epoch().orElse(origin.finished()),
                version());
        for (AttestationOptions.Bill bill : AttestationOptions.Bill.values()) {
          if (options.bills().contains(bill)) {
            all.add(attestation(bill(bill, subject, found, of)));
          }
        }
      });
      options
          .provenance()
          .ifPresent(wanted ->
              all.add(attestation(Statement.provenance(subject, record(built, origin), wanted))));
      return List.copyOf(all);
    };
  }

  private static Statement bill(
      AttestationOptions.Bill bill, Statement.Subject subject, Inventory found, Subject of) {
    return switch (bill) {
      case SPDX -> {
        JsonNode document = SpdxDocument.of(found, of);
        yield Statement.spdx(subject, document);
      }
      case CYCLONE_DX -> {
        JsonNode document = CycloneDxDocument.of(found, of);
        yield Statement.cycloneDx(subject, document);
      }
    };
  }

  private static Attestation attestation(Statement statement) {
    return new Attestation(statement.predicateType(), statement.bytes());
  }

  private Inventory scan(Built built, Export.Delivery delivery) {
    delivery.progress().say("looking for packages in the image for " + built.platform());
    built.unchanged().ifPresent(image -> delivery.workspaces().unpack(image));
    try (Workspaces.View view = delivery.workspaces().view(built.chainId())) {
      Path scratch = Files.createDirectories(delivery.origin().scratch());
      return new PackageScan(ScanLimits.DEFAULT, scratch).scan(view.root());
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot make " + delivery.origin().scratch() + ": " + e.getMessage(), e);
    }
  }

  /** That of this program; nobody knows it where it does not run from its modules. */
  private static String version() {
    ModuleDescriptor module = BuildAttestor.class.getModule().getDescriptor();
    return module == null ? "unknown" : module.rawVersion().orElse("unknown");
  }

  private BuildRecord record(Built built, Export.Origin origin) {
    PlanRecord plan = new PlanRecord(built);
    BuildRequest request = origin.request();
    return new BuildRecord(
        run.id(),
        // a build that is told what time it is says nothing of the clock
        request.epoch().orElse(origin.started()),
        request.epoch().orElse(origin.finished()),
        Platform.host(),
        BuildRecord.Source.local(request.sources().dockerfile()),
        new BuildRecord.Request(
            run.frontend(),
            arguments(request),
            plan.secrets(),
            plan.agents(),
            List.of("context", "dockerfile")),
        plan.materials(),
        new BuildRecord.Completeness(true, plan.allMaterials(), plan.hermetic()),
        run.vcs(),
        plan.definition());
  }

  private static SortedMap<String, String> arguments(BuildRequest request) {
    SortedMap<String, String> arguments = new TreeMap<>();
    request.goal().buildArguments().forEach((k, v) -> arguments.put("build-arg:" + k, v));
    request.goal().labels().forEach((k, v) -> arguments.put("label:" + k, v));
    if (!request.goal().target().isEmpty()) {
      arguments.put("target", request.goal().target());
    }
    if (request.freshness().noCache()) {
      arguments.put("no-cache", "");
    }
    return arguments;
  }
}
