package dev.kemas.guard;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * The files that a build may copy: those of the context that its ignore file leaves. A context may
 * hold a million files, so they are walked, not listed. Faults of reading are the implementation's
 * ({@link dev.kemas.fault.Fault}).
 */
public interface ContextFacts {
  /** A context without files. */
  ContextFacts NONE =
      new ContextFacts() {
        @Override
        public void files(Consumer<ContextFile> each) {}

        @Override
        public byte[] head(String path, int most) {
          return new byte[0];
        }

        @Override
        public Optional<String> text(String path) {
          return Optional.empty();
        }
      };

  /** Hands out each regular file, in any order. */
  void files(Consumer<ContextFile> each);

  /** The first bytes of a file that {@link #files} handed out, fewer when it is shorter. */
  byte[] head(String path, int most);

  /** The text of a small file by its path; empty when there is none or it is over 1 MiB. */
  Optional<String> text(String path);
}
