/**
 * Measures engines side by side through the same stock {@code docker} command, and against the bare
 * OCI runtime. Start reading at {@link dev.kemas.bench.Bench}.
 */
@NullMarked
package dev.kemas.bench;

import org.jspecify.annotations.NullMarked;
