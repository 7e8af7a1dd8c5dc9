package dev.kemas.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Platform;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of a build when it is over.
 *
 * @param invocationId tells this run of it from all others
 * @param started when it began
 * @param finished when it ended
 * @param environment the platform of the machine that built
 * @param source what it was made from
 * @param request what was asked for
 * @param materials what came from elsewhere
 * @param completeness what of this is all that there is
 * @param vcs what the client says of its checkout: {@code source}, {@code revision}
 * @param definition the steps, for {@code mode=max}
 */
public record BuildRecord(
    String invocationId,
    Instant started,
    Instant finished,
    Platform environment,
    Source source,
    Request request,
    List<Material> materials,
    Completeness completeness,
    SortedMap<String, String> vcs,
    Definition definition) {
  public BuildRecord {
    materials = List.copyOf(materials);
    vcs = sorted(vcs);
  }

  /**
   * Where the description of the build is.
   *
   * @param uri of a repository; empty when the client sent it
   * @param digest by algorithm, {@code sha1} of a commit
   * @param path of the Dockerfile there
   */
  public record Source(String uri, SortedMap<String, String> digest, String path) {
    public Source {
      digest = sorted(digest);
    }

    /** A Dockerfile that the client sent. */
    public static Source local(String path) {
      return new Source("", new TreeMap<>(), path);
    }
  }

  /**
   * What was asked for.
   *
   * @param frontend {@code dockerfile.v0}
   * @param args as clients send them: {@code build-arg:X}, {@code target}, {@code label:Y}
   * @param secrets ids; never values
   * @param ssh ids of agents
   * @param locals names of the folders that the client sent
   */
  public record Request(
      String frontend,
      SortedMap<String, String> args,
      List<Lent> secrets,
      List<Lent> ssh,
      List<String> locals) {
    public Request {
      args = sorted(args);
      secrets = List.copyOf(secrets);
      ssh = List.copyOf(ssh);
      locals = List.copyOf(locals);
    }
  }

  /** Something that the client lends, by its id. */
  public record Lent(String id, boolean optional) {}

  /**
   * Whether what is told is all.
   *
   * @param parameters all that was asked for
   * @param materials all that came from elsewhere
   * @param hermetic no step had a network
   */
  public record Completeness(boolean parameters, boolean materials, boolean hermetic) {}

  /**
   * The steps of a build.
   *
   * @param steps inputs before what needs them; the last one names the result
   * @param digests which step has which digest
   * @param layers of the result, by step and output: {@code step3:0}
   * @param files that the steps were read from
   */
  public record Definition(
      List<Step> steps,
      SortedMap<Digest, String> digests,
      SortedMap<String, List<Descriptor>> layers,
      List<SourceFile> files) {
    /** Of a build whose steps nobody wants to know. */
    public static final Definition NONE =
        new Definition(List.of(), new TreeMap<>(), new TreeMap<>(), List.of());

    public Definition {
      steps = List.copyOf(steps);
      digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
      layers = Collections.unmodifiableSortedMap(new TreeMap<>(layers));
      files = List.copyOf(files);
    }
  }

  /**
   * A step.
   *
   * @param id {@code step0}
   * @param op what it does, as JSON
   * @param inputs {@code step0:0}
   * @param lines of the first source file that it comes from
   */
  public record Step(String id, JsonNode op, List<String> inputs, Optional<Lines> lines) {
    public Step {
      inputs = List.copyOf(inputs);
    }
  }

  /** Lines of a file, from 1, both included. */
  public record Lines(int first, int last) {}

  /** A file that says how to build. */
  public record SourceFile(String name, String language, String content) {}

  private static <V> SortedMap<String, V> sorted(SortedMap<String, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }
}
