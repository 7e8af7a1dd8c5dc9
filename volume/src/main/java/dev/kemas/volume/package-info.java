/**
 * Named volumes of the local driver: folders that outlive containers, or mounts of something else.
 * Start at {@link dev.kemas.volume.Volumes}. This package knows neither containers nor images: who
 * uses a volume is asked through {@link dev.kemas.volume.VolumeUse}, and content to begin with
 * comes as a root directory.
 *
 * <p>On disk, below the folder given: {@code NAME/_data} is the volume; {@code NAME/_fill} is
 * content being copied, worth nothing after a crash; {@code NAME/_full} is content whose copy is
 * complete and that is being moved into {@code _data}; {@code .removed-*} is being deleted.
 */
@NullMarked
package dev.kemas.volume;

import org.jspecify.annotations.NullMarked;
