package dev.kemas.guard;

import dev.kemas.dockerfile.CopySource;
import dev.kemas.dockerfile.Glob;
import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.dockerfile.Instruction;
import dev.kemas.dockerfile.Instruction.Transfer;
import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a COPY or ADD takes of the context. */
final class ContextCopy {
  private final Transfer transfer;
  private final List<String> sources;
  private final List<Glob> globs;
  private final IgnoreFile excluded;

  private ContextCopy(Transfer transfer, List<String> sources) {
    this.transfer = transfer;
    this.sources = sources;
    this.globs = sources.stream().map(Glob::of).toList();
    this.excluded = IgnoreFile.of(transfer.excludes());
  }

  /** Empty where it takes nothing of the context, or what it takes is not known yet. */
  static Optional<ContextCopy> of(BuildView build, StageView.Line line) {
    if (!(line.instruction() instanceof Transfer transfer)
        || (transfer instanceof Instruction.Copy copy && copy.from().isPresent())) {
      return Optional.empty();
    }
    List<String> sources = new ArrayList<>();
    for (CopySource source : transfer.sources()) {
      if (source instanceof CopySource.Location(String text) && !isRemote(text)) {
        build.expand(text, line.variables()).map(ContextCopy::clean).ifPresent(sources::add);
      }
    }
    try {
      return sources.isEmpty() ? Optional.empty() : Optional.of(new ContextCopy(transfer, sources));
    } catch (Fault.InvalidArgument malformedPattern) {
      return Optional.empty(); // the build itself blames the line
    }
  }

  private static boolean isRemote(String text) {
    return text.contains("://") || text.startsWith("git@");
  }

  /** As the context names its files: no leading dot or slash, none at the end. */
  static String clean(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..") && !parts.isEmpty()) {
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".") && !part.equals("..")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  Transfer transfer() {
    return transfer;
  }

  List<String> sources() {
    return sources;
  }

  /** Whether it takes everything. */
  boolean isWhole() {
    return sources.contains("") || sources.contains("*");
  }

  boolean takes(String path) {
    if (excluded.ignores(path)) {
      return false;
    }
    for (int i = 0; i < sources.size(); i++) {
      String source = sources.get(i);
      if (source.isEmpty()
          || path.equals(source)
          || (path.startsWith(source) && path.charAt(source.length()) == '/')
          || (Glob.hasWildcard(source) && matches(globs.get(i), path))) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(Glob glob, String path) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (glob.matches(path.substring(0, slash))) {
        return true;
      }
    }
    return glob.matches(path);
  }
}
