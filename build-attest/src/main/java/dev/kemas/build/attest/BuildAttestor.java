package dev.kemas.build.attest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.build.Attestor;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.Built;
import dev.kemas.build.Export;
import dev.kemas.build.Workspaces;
import dev.kemas.fault.Fault;
import dev.kemas.image.Attestation;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.provenance.BuildRecord;
import dev.kemas.provenance.Options;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  public boolean wants(boolean list) {
    return !(list ? options : options.always()).isEmpty();
  }

  @Override
  public Attestation.Source about(Built built, Export.Delivery delivery, List<Reference> names) {
    Optional<Inventory> inventory = inventory(built, delivery);
    Export.Origin origin = delivery.origin();
    String called = names.isEmpty() ? "image" : names.getFirst().familiar();
    return manifest ->
        statements(
                options,
                new Statement.Subject(names, built.platform(), manifest),
                inventory,
                called,
                built,
                origin)
            .values()
            .stream()
            .map(one -> new Attestation(one.predicateType(), one.bytes()))
            .toList();
  }

  @Override
  public List<StatementFile> files(
      Built built, Export.Delivery delivery, SortedMap<String, Digest> contents) {
    AttestationOptions wanted = options.always();
    if (wanted.isEmpty()) {
      return List.of();
    }
    List<StatementFile> files = new ArrayList<>();
    statements(
            wanted,
            new Statement.Files(contents),
            inventory(built, delivery),
            "files",
            built,
            delivery.origin())
        .forEach((name, one) -> files.add(new StatementFile(name, one.bytes())));
    return List.copyOf(files);
  }

  /**
   * How one was built, in the words of SLSA, as far as nothing of it may be confidential: for the
   * records of builds.
   *
   * @return the predicate, JSON in UTF-8
   */
  public static Attestation predicate(Run run, Built built, Export.Origin origin) {
    BuildRecord record =
        new BuildAttestor(new AttestationOptions(Optional.empty(), Set.of()), run)
            .record(built, origin);
    Statement statement =
        Statement.provenance(new Statement.Files(new TreeMap<>()), record, Options.DEFAULT);
    return new Attestation(
        statement.predicateType(), Json.write(statement.json().path("predicate")));
  }

  private Optional<Inventory> inventory(Built built, Export.Delivery delivery) {
    return options.bills().isEmpty() ? Optional.empty() : Optional.of(scan(built, delivery));
  }

  /** By the names that they have as files. */
  private Map<String, Statement> statements(
      AttestationOptions wanted,
      Statement.About subject,
      Optional<Inventory> inventory,
      String called,
      Built built,
      Export.Origin origin) {
    Map<String, Statement> all = new LinkedHashMap<>();
    inventory.ifPresent(found -> {
      Subject of =
          new Subject(
              called,
              // the statement's subject has the digest, and follows it when layers are packed
              Optional.empty(),
              origin.request().epoch().orElse(origin.finished()),
              version());
      for (AttestationOptions.Bill bill : AttestationOptions.Bill.values()) {
        if (wanted.bills().contains(bill)) {
          all.put(bill.fileName(), bill(bill, subject, found, of));
        }
      }
    });
    wanted
        .provenance()
        .ifPresent(how ->
            all.put("provenance.json", Statement.provenance(subject, record(built, origin), how)));
    return all;
  }

  private static Statement bill(
      AttestationOptions.Bill bill, Statement.About subject, Inventory found, Subject of) {
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
    PlanRecord plan = new PlanRecord(built, origin.fetched());
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
