/**
 * Cgroups (cgroups(7)) of version 1, version 2 and both at once, by their files: what is mounted,
 * where a cgroup is, what it may and does use, who is in it. Knows nothing of containers.
 *
 * <p>Start at {@link dev.kemas.cgroup.Cgroups}.
 */
@NullMarked
package dev.kemas.cgroup;

import org.jspecify.annotations.NullMarked;
