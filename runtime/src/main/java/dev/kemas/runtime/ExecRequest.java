package dev.kemas.runtime;

import dev.kemas.oci.RuntimeSpec;

/**
 * A further process for a running container.
 *
 * @param id unique within the container
 * @param process what to run; its {@code terminal} decides whether it gets one
 * @param stdin whether its input is a pipe to write to; else it is empty
 * @param output whether its output is read; else it is dropped
 */
public record ExecRequest(String id, RuntimeSpec.Process process, boolean stdin, boolean output) {}
