package dev.kemas.api.server;

import java.io.OutputStream;
import java.util.Optional;

/** A connection to a running process: its output, and its input if that was asked for. */
public interface Attachment extends Output {
  /** The process's standard input; closing it is its end of file. */
  Optional<OutputStream> stdin();
}
