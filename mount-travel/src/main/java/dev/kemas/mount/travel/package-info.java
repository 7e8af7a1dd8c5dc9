/**
 * The contents of folders such as those of {@code RUN --mount=type=cache}, as artifacts that travel
 * between machines: cut into chunks by their content, named by an index, so that only what the
 * other side lacks is sent. Knows nothing of builds, registries or Dockerfiles. The format is in
 * docs/formats.md, "A travelling cache mount". Start reading at {@link
 * dev.kemas.mount.travel.MountExport} and {@link dev.kemas.mount.travel.MountImport}.
 */
@NullMarked
package dev.kemas.mount.travel;

import org.jspecify.annotations.NullMarked;
