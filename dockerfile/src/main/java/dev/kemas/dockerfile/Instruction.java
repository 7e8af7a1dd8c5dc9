package dev.kemas.dockerfile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An understood instruction. Variables in it are not expanded yet, because their values come from a
 * build; {@link Expansion} does that where the reference allows it.
 *
 * <p>Source: Dockerfile reference, one section for each.
 */
public sealed interface Instruction {

  /** The line it was written as. */
  Node node();

  /** Where it stands, heredocs included. */
  default SourceRange range() {
    return node().range();
  }

  /** The logical line, for display. */
  default String text() {
    return node().text();
  }

  /** A name and a value of ENV or LABEL; quotes and variables are still in it. */
  record Pair(String name, String value) {}

  /** A build argument with its default, quotes and variables still in it. */
  record Variable(String name, Optional<String> defaultValue) {}

  /** The network of a RUN. */
  enum RunNetwork {
    DEFAULT,
    NONE,
    HOST
  }

  record From(Node node, String image, Optional<String> platform, Optional<String> name)
      implements Instruction {}

  /**
   * RUN.
   *
   * @param insecure whether {@code --security=insecure} asks for all privileges
   */
  record Run(
      Node node,
      CommandLine command,
      List<MountFlag> mounts,
      RunNetwork network,
      boolean insecure,
      List<Device> devices)
      implements Instruction {}

  record Cmd(Node node, CommandLine command) implements Instruction {}

  record Entrypoint(Node node, CommandLine command) implements Instruction {}

  record Env(Node node, List<Pair> pairs) implements Instruction {}

  record Arg(Node node, List<Variable> variables) implements Instruction {}

  record Label(Node node, List<Pair> pairs) implements Instruction {}

  record Workdir(Node node, String path) implements Instruction {}

  record User(Node node, String user) implements Instruction {}

  record Volume(Node node, List<String> paths) implements Instruction {}

  record Expose(Node node, List<String> ports) implements Instruction {}

  record Shell(Node node, List<String> command) implements Instruction {}

  record StopSignal(Node node, String signal) implements Instruction {}

  record Maintainer(Node node, String name) implements Instruction {}

  /**
   * ONBUILD.
   *
   * @param trigger the instruction to be run in a child build, heredocs included
   */
  record OnBuild(Node node, String trigger) implements Instruction {}

  /**
   * HEALTHCHECK.
   *
   * @param test as in an image's configuration: {@code NONE}, or {@code CMD} or {@code CMD-SHELL}
   *     and what follows it
   * @param interval zero means not given, as for the other durations and {@code retries}
   */
  record Healthcheck(
      Node node,
      List<String> test,
      Duration interval,
      Duration timeout,
      Duration startPeriod,
      Duration startInterval,
      int retries)
      implements Instruction {}

  /** COPY and ADD have most in common. */
  sealed interface Transfer extends Instruction {
    List<CopySource> sources();

    String destination();

    Optional<String> chown();

    Optional<String> chmod();

    boolean link();

    /** Whether the sources' parent folders are made in the destination ({@code --parents}). */
    boolean parents();

    /** Patterns of what is left out ({@code --exclude}). */
    List<String> excludes();
  }

  record Copy(
      Node node,
      List<CopySource> sources,
      String destination,
      Optional<String> from,
      Optional<String> chown,
      Optional<String> chmod,
      boolean link,
      boolean parents,
      List<String> excludes)
      implements Transfer {}

  /**
   * ADD.
   *
   * @param checksum what the content of a remote source must hash to, as {@code sha256:…}
   * @param keepGitDir what {@code --keep-git-dir} says
   * @param unpack what {@code --unpack} says; empty means local archives are unpacked and remote
   *     ones are not
   */
  record Add(
      Node node,
      List<CopySource> sources,
      String destination,
      Optional<String> chown,
      Optional<String> chmod,
      boolean link,
      List<String> excludes,
      Optional<String> checksum,
      Optional<Boolean> keepGitDir,
      Optional<Boolean> unpack)
      implements Transfer {
    @Override
    public boolean parents() {
      return false;
    }
  }

  /**
   * Reads one instruction on its own, as the triggers of a base image are kept.
   *
   * @param name what to call the text in an error
   * @throws dev.kemas.fault.Fault.InvalidArgument when it is malformed or more than one
   */
  static Instruction parse(String name, String text) {
    SyntaxTree tree = SyntaxTree.parse(name, text);
    if (tree.nodes().size() > 1) {
      Node second = tree.nodes().get(1);
      throw Problem.fault(
          name, second.range(), second.keyword(), "only one instruction is allowed");
    }
    return InstructionReader.read(name, tree.nodes().getFirst(), tree.directives().escape());
  }
}
