package dev.kemas.build.plan;

import dev.kemas.dockerfile.Instruction;
import dev.kemas.dockerfile.Mount;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ProcessDefaults;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What decides a step's result, each thing on its own under a name that people know it by, as a
 * digest: values may be secret. Two runs of a step are compared by these.
 */
public final class Facts {
  /** The instruction's text, variables not expanded. */
  public static final String INSTRUCTION = "instruction";

  /** A build argument; its name follows. */
  public static final String ARGUMENT = "argument ";

  /** A variable of the environment; its name follows. */
  public static final String ENVIRONMENT = "environment ";

  /** An image; its name follows. */
  public static final String IMAGE = "image ";

  /** A file or folder of a context; its path follows. */
  public static final String FILE = "file ";

  /** What an address gives; it follows. */
  public static final String ADDRESS = "address ";

  /** The id of a secret that is asked for. */
  public static final String SECRET = "secret ";

  /** Any other mount; its target follows. */
  public static final String MOUNT = "mount ";

  /** A device; its name follows. */
  public static final String DEVICE = "device ";

  /** The user that the step runs as. */
  public static final String USER = "user";

  /** The folder that the step runs in. */
  public static final String DIRECTORY = "working directory";

  /** The shell that the command is given to. */
  public static final String SHELL = "shell";

  /** The network of the step. */
  public static final String NETWORK = "network";

  /** The files that the step is built upon. */
  public static final String PARENT = "parent";

  /** The files of another stage; its name follows. */
  public static final String STAGE = "stage ";

  private final SortedMap<String, Digest> known = new TreeMap<>();

  Facts() {}

  /** The digest of a value. */
  public static Digest digest(String value) {
    return Digest.of(value.getBytes(StandardCharsets.UTF_8));
  }

  /** The text with the here-documents in it. */
  void instruction(Instruction instruction) {
    StringBuilder text = new StringBuilder(instruction.text());
    instruction.node().heredocs().forEach(heredoc -> text.append('\n').append(heredoc.content()));
    put(INSTRUCTION, text.toString());
  }

  void put(String name, String value) {
    known.put(name, digest(value));
  }

  /** A variable that was looked up, where it comes from. */
  void variable(String name, Optional<String> value, boolean argument) {
    put((argument ? ARGUMENT : ENVIRONMENT) + name, value.map(text -> "=" + text).orElse(""));
  }

  void of(Operation operation, StageState state, VariableFacts variables) {
    switch (operation) {
      case Operation.Run run -> run(run, state, variables);
      case Operation.Transfer transfer -> put(DIRECTORY, state.workingDirectory);
      case Operation.MakeDirectory make -> {
        put(DIRECTORY, make.path());
        put(USER, make.owner());
      }
      case Operation.Base base -> base(base);
      case Operation.Local local -> {
        // its files are facts of the steps that read them
      }
    }
  }

  private void base(Operation.Base base) {
    put(
        IMAGE + base.name(),
        base.image()
            .map(image -> image.id() + " " + defaults(image.config().defaults()))
            .orElse(""));
  }

  private static String defaults(ProcessDefaults defaults) {
    return String.valueOf(defaults.env());
  }

  private void run(Operation.Run run, StageState state, VariableFacts variables) {
    variables.begin(run.env().size());
    Set<String> arguments = new HashSet<>(run.arguments());
    for (String entry : run.env()) {
      int equals = entry.indexOf('=');
      String name = equals < 0 ? entry : entry.substring(0, equals);
      boolean argument = arguments.contains(name) && state.environment.value(name).isEmpty();
      variables.put(known, argument ? ARGUMENT : ENVIRONMENT, entry);
    }
    put(DIRECTORY, run.cwd());
    put(USER, run.user());
    put(NETWORK, run.network());
    put(SHELL, String.join("\0", state.shell));
    for (Mount mount : run.mounts()) {
      put(name(mount), MountText.of(mount));
    }
    run.devices().forEach(device -> put(DEVICE + device.name(), device.name()));
  }

  private static String name(Mount mount) {
    return switch (mount) {
      case Mount.Bind bind -> MOUNT + bind.target();
      case Mount.Cache cache -> MOUNT + cache.target();
      case Mount.Tmpfs tmpfs -> MOUNT + tmpfs.target();
      case Mount.Secret secret -> SECRET + secret.id();
      case Mount.Ssh ssh -> MOUNT + "ssh " + ssh.id();
    };
  }

  SortedMap<String, Digest> all() {
    return known;
  }
}
