/**
 * Containers as processes: a bundle on disk, one conmon that watches the process, and an OCI
 * runtime (crun or runc) that makes it. What runs does not depend on this process: a container's
 * life, its output and its exit code lie with conmon and the kernel, and a new process adopts them
 * from the bundle. Knows nothing of images, networks or records. Start reading at {@link
 * dev.kemas.runtime.ContainerRuntime}.
 */
@NullMarked
package dev.kemas.runtime;

import org.jspecify.annotations.NullMarked;
