/** Bundle, conmon and an OCI runtime: create, start, signal, exec, attach, wait. */
@NullMarked
package dev.kemas.runtime;

import org.jspecify.annotations.NullMarked;
