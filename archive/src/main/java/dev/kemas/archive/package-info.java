/**
 * Tar archives as a container platform needs them: read, written, applied as a layer, made from a
 * difference, extracted and packed; compression. Start at {@link dev.kemas.archive.LayerApplier}
 * and {@link dev.kemas.archive.LayerWriter}.
 *
 * <p>Every archive that comes in is hostile: names are resolved beneath the folder they are meant
 * for, whatever they and the links before them say. This package knows nothing of registries,
 * images and stores; a layer's place is a {@link dev.kemas.snapshot.LayerTarget}.
 */
@NullMarked
package dev.kemas.archive;

import org.jspecify.annotations.NullMarked;
