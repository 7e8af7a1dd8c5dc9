package dev.kemas.registry.client;

import java.net.URI;
import java.util.Optional;

/**
 * Where an upload had got to, kept by whoever may go on with it after the end of the process. For
 * one blob on its way to one repository.
 */
public interface UploadMemory {
  /** Nothing is remembered. */
  UploadMemory NONE =
      new UploadMemory() {
        @Override
        public Optional<URI> last() {
          return Optional.empty();
        }

        @Override
        public void at(URI place) {}

        @Override
        public void over() {}
      };

  /** Where the registry took bytes last. */
  Optional<URI> last();

  /** The registry takes bytes there from now on. */
  void at(URI place);

  /** The blob is there, or the upload is of no use any more. */
  void over();
}
