package dev.kemas.build.attest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kemas.build.Built;
import dev.kemas.build.Export;
import dev.kemas.build.plan.Operation;
import dev.kemas.build.plan.Plan;
import dev.kemas.build.plan.PlannedStage;
import dev.kemas.build.plan.Step;
import dev.kemas.build.plan.Vertex;
import dev.kemas.dockerfile.GitAddress;
import dev.kemas.dockerfile.Mount;
import dev.kemas.dockerfile.SourceRange;
import dev.kemas.image.Layer;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import dev.kemas.provenance.BuildRecord;
import dev.kemas.provenance.Material;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a plan tells of a build: where things came from, what was lent, the steps. */
final class PlanRecord {
  private final Built built;
  private final Plan plan;
  private final Export.Fetched fetched;
  private final List<Material> materials = new ArrayList<>();
  private boolean allMaterials = true;

  PlanRecord(Built built, Export.Fetched fetched) {
    this.fetched = fetched;
    this.built = built;
    this.plan = built.plan();
    plan.graph().vertices().forEach(this::material);
  }

  /** What came from elsewhere and is known by digest. */
  List<Material> materials() {
    return List.copyOf(materials);
  }

  /** Whether that is all; what a step fetched for itself is never known. */
  boolean allMaterials() {
    return allMaterials && hermetic();
  }

  /** Whether no step had a network. */
  boolean hermetic() {
    return plan.graph().vertices().stream()
        .map(Vertex::operation)
        .noneMatch(o -> o instanceof Operation.Run run && !run.network().equals("none"));
  }

  private void material(Vertex vertex) {
    switch (vertex.operation()) {
      case Operation.Base base ->
          base.image()
              .ifPresent(image -> {
                Optional<Reference> name = reference(base.name());
                Digest digest =
                    image.digests().stream()
                        .filter(d -> name.map(n -> n.name().equals(d.name())).orElse(false))
                        .flatMap(d -> d.digest().stream())
                        .findFirst()
                        .orElseGet(() -> image.manifest().digest());
                name.ifPresentOrElse(
                    n ->
                        materials.add(
                            new Material.Image(n, Optional.of(image.config().platform()), digest)),
                    () -> allMaterials = false);
              });
      case Operation.Transfer transfer -> transfer.sources().forEach(s -> source(transfer, s));
      // the client's own files have no name that others could get them by
      case Operation.Local _ -> allMaterials = false;
      case Operation.Run _, Operation.MakeDirectory _ -> {}
    }
  }

  private static Optional<Reference> reference(String name) {
    try {
      return Optional.of(Reference.parse(name));
    } catch (dev.kemas.fault.Fault.InvalidArgument e) {
      return Optional.empty(); // the name of a further context
    }
  }

  private void source(Operation.Transfer transfer, Operation.Source source) {
    switch (source) {
      case Operation.Source.Remote remote ->
          transfer
              .checksum()
              .map(Digest::parse)
              .or(() -> Optional.ofNullable(fetched.files().get(remote.address())))
              .ifPresentOrElse(
                  sum -> materials.add(new Material.Http(remote.address(), sum)),
                  () -> allMaterials = false);
      case Operation.Source.Git git -> git(git.address());
      case Operation.Source.Files _, Operation.Source.Inline _ -> {}
    }
  }

  /** A commit is in the plan, or it was looked up while the build ran. */
  private void git(GitAddress address) {
    String url = address.remote() + address.ref().map(ref -> "#" + ref).orElse("");
    Optional.ofNullable(fetched.commits().get(address.toString()))
        .or(() ->
            address.checksum().filter(commit -> commit.length() == 40 || commit.length() == 64))
        .ifPresentOrElse(
            commit -> materials.add(new Material.Git(url, commit)), () -> allMaterials = false);
  }

  List<BuildRecord.Lent> secrets() {
    Map<String, Boolean> ids = new TreeMap<>();
    for (Mount mount : mounts()) {
      if (mount instanceof Mount.Secret secret) {
        ids.merge(secret.id(), !secret.required(), Boolean::logicalAnd);
      }
    }
    return lent(ids);
  }

  List<BuildRecord.Lent> agents() {
    Map<String, Boolean> ids = new TreeMap<>();
    for (Mount mount : mounts()) {
      if (mount instanceof Mount.Ssh ssh) {
        ids.merge(ssh.id(), !ssh.required(), Boolean::logicalAnd);
      }
    }
    return lent(ids);
  }

  private List<Mount> mounts() {
    return plan.graph().vertices().stream()
        .flatMap(v ->
            v.operation() instanceof Operation.Run run
                ? run.mounts().stream()
                : java.util.stream.Stream.<Mount>empty())
        .toList();
  }

  private static List<BuildRecord.Lent> lent(Map<String, Boolean> ids) {
    return ids.entrySet().stream()
        .map(e -> new BuildRecord.Lent(e.getKey(), e.getValue()))
        .toList();
  }

  /** The steps, and which lines they come from. */
  BuildRecord.Definition definition() {
    Map<Integer, SourceRange> lines = new HashMap<>();
    for (PlannedStage stage : plan.stages()) {
      for (Step step : stage.steps()) {
        lines.putIfAbsent(step.vertex(), step.instruction().range());
      }
    }
    List<BuildRecord.Step> steps = new ArrayList<>();
    Map<Digest, String> digests = new LinkedHashMap<>();
    for (Vertex vertex : plan.graph().vertices()) {
      String id = "step" + vertex.id();
      steps.add(
          new BuildRecord.Step(
              id,
              op(vertex.operation()),
              vertex.inputs().stream().map(input -> "step" + input + ":0").toList(),
              Optional.ofNullable(lines.get(vertex.id()))
                  .map(r -> new BuildRecord.Lines(r.startLine(), r.endLine()))));
      digests.put(Digest.of(vertex.toString().getBytes(StandardCharsets.UTF_8)), id);
    }
    List<Descriptor> layers = built.image().layers().stream().map(Layer::blob).toList();
    return new BuildRecord.Definition(
        steps,
        new TreeMap<>(digests),
        new TreeMap<>(Map.of("step" + plan.target().vertex() + ":0", layers)),
        List.of());
  }

  /** As BuildKit's low-level build operations look in JSON. */
  private static ObjectNode op(Operation operation) {
    ObjectNode op = Json.mapper().createObjectNode();
    ObjectNode of = op.putObject("Op");
    switch (operation) {
      case Operation.Base base ->
          of.putObject("source").put("identifier", "docker-image://" + base.name());
      case Operation.Local local ->
          of.putObject("source").put("identifier", "local://" + local.name());
      case Operation.Run run -> {
        ObjectNode exec = of.putObject("exec");
        ObjectNode meta = exec.putObject("meta");
        ArrayNode args = meta.putArray("args");
        run.args().forEach(args::add);
        ArrayNode env = meta.putArray("env");
        run.env().forEach(env::add);
        meta.put("cwd", run.cwd());
        if (!run.user().isEmpty()) {
          meta.put("user", run.user());
        }
        if (!run.network().equals("default")) {
          exec.put("network", run.network());
        }
      }
      case Operation.Transfer transfer -> file(of, "copy", transfer.describe());
      case Operation.MakeDirectory folder -> file(of, "mkdir", folder.path());
    }
    return op;
  }

  private static void file(ObjectNode of, String action, String what) {
    of.putObject("file").putArray("actions").addObject().putObject("Action").put(action, what);
  }
}
