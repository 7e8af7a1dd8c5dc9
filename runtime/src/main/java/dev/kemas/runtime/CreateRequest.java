package dev.kemas.runtime;

import dev.kemas.oci.RuntimeSpec;

/**
 * A container to make.
 *
 * @param spec what it is; written into the bundle
 * @param terminal whether its process gets a terminal; must agree with the specification
 * @param stdin whether its standard input is a pipe that clients can write to
 * @param stdinOnce whether that pipe is closed when the first client that typed goes away
 * @param runtime a name that {@link ContainerRuntime#runtimes} knows; empty for the default
 */
public record CreateRequest(
    Bundle bundle,
    RuntimeSpec spec,
    boolean terminal,
    boolean stdin,
    boolean stdinOnce,
    String runtime,
    LogLimits logLimits) {

  /**
   * How much of a container's output is kept.
   *
   * @param fileBytes a file of the log is put aside when it has passed this
   * @param files how many files are kept, the one being written included; at least 1, but for
   *     {@link #NOTHING}
   */
  public record LogLimits(long fileBytes, int files) {
    /** 20 MB in each of five files. */
    public static final LogLimits DEFAULT = new LogLimits(20_000_000, 5);

    /** No output is kept. */
    public static final LogLimits NOTHING = new LogLimits(0, 0);
  }
}
