/**
 * From (configuration, user, mounts, namespaces, host facts) to the runtime specification that an
 * OCI runtime reads, with Docker's defaults. Pure: it touches neither the kernel nor the disk, so
 * every decision is tested as data. Start reading at {@link dev.kemas.spec.SpecBuilder}.
 */
@NullMarked
package dev.kemas.spec;

import org.jspecify.annotations.NullMarked;
