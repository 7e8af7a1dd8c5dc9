package dev.kemas.runtime;

import dev.kemas.fault.Fault;
import dev.kemas.linux.DurableFile;
import dev.kemas.oci.Json;
import dev.kemas.oci.RuntimeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the filter that crun makes of a seccomp profile. To compile Docker's default profile
 * takes it 11 of 18 ms of a create, each time anew; it leaves the program in its state folder, and
 * takes one ready made by an annotation (crun(1), {@code run.oci.seccomp_bpf_data}). The profile
 * stays in the specification: a crun that does not know the annotation compiles it.
 *
 * <p>Programs lie in the state folder, which root alone may read and which a reboot empties, under
 * the digest of their profile.
 */
final class SeccompPrograms {
  private static final Logger LOG = LoggerFactory.getLogger(SeccompPrograms.class);
  private static final String ANNOTATION = "run.oci.seccomp_bpf_data";

  /** sizeof(struct sock_filter), and the most of them that the kernel takes (BPF_MAXINSNS). */
  private static final int INSTRUCTION = 8;

  private static final int MOST_INSTRUCTIONS = 4096;

  private final Path folder;
  private final ConcurrentMap<String, String> programs = new ConcurrentHashMap<>();

  /**
   * @param folder made if missing
   */
  SeccompPrograms(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new Fault.Internal("cannot make " + folder + ": " + e.getMessage(), e);
    }
  }

  /** What a profile is known by; empty for a specification without one. */
  static Optional<String> key(RuntimeSpec spec) {
    return spec.linux()
        .flatMap(RuntimeSpec.Linux::seccomp)
        .map(profile -> {
          try {
            return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Json.write(profile)));
          } catch (NoSuchAlgorithmException e) {
            throw new Fault.Internal("this JDK has no SHA-256", e);
          }
        });
  }

  /** The specification with the program that is known for its profile; the same if none is. */
  RuntimeSpec apply(RuntimeSpec spec, String key) {
    String program = programs.computeIfAbsent(key, k -> load(k).orElse(""));
    if (program.isEmpty()) {
      programs.remove(key, "");
      return spec;
    }
    SortedMap<String, String> annotations = new TreeMap<>(spec.annotations());
    annotations.put(ANNOTATION, program);
    return spec.withAnnotations(annotations);
  }

  /** Learns the program that crun has just made, from its folder of the container. */
  void learn(String key, Path container) {
    if (programs.containsKey(key)) {
      return;
    }
    try {
      byte[] program = Files.readAllBytes(container.resolve("seccomp.bpf"));
      if (isProgram(program)) {
        DurableFile.write(folder.resolve(key), program, 0600, DurableFile.Durability.PROCESS);
        programs.put(key, Base64.getEncoder().encodeToString(program));
      }
    } catch (IOException | Fault e) {
      // the next container pays for the compilation again
      LOG.debug("no seccomp program to learn: {}", e.getMessage());
    }
  }

  private Optional<String> load(String key) {
    try {
      byte[] program = Files.readAllBytes(folder.resolve(key));
      return isProgram(program)
          ? Optional.of(Base64.getEncoder().encodeToString(program))
          : Optional.empty();
    } catch (NoSuchFileException unknown) {
      return Optional.empty();
    } catch (IOException e) {
      throw new Fault.Internal("cannot read " + folder.resolve(key) + ": " + e.getMessage(), e);
    }
  }

  private static boolean isProgram(byte[] bytes) {
    return bytes.length > 0
        && bytes.length % INSTRUCTION == 0
        && bytes.length / INSTRUCTION <= MOST_INSTRUCTIONS;
  }
}
