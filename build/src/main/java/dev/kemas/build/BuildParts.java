package dev.kemas.build;

import dev.kemas.image.ImageService;
import dev.kemas.linux.Mounter;
import dev.kemas.network.Networks;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.snapshot.Snapshotter;
import dev.kemas.spec.HostFacts;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What {@link Builder#open} puts together. It owns none of it.
 *
 * @param cache whose {@link RecordedCache#roots} are among the roots of the garbage collection
 * @param folder of the builder's own: {@code mounts/} of file systems in the making, {@code
 *     containers/} of RUNs, {@code scratch/} for downloads, {@code explain/} with what decided the
 *     last builds; all of it can be thrown away between two processes
 * @param cgroup path of the cgroup that RUNs' cgroups are made in, such as {@code /kemas}
 */
public record BuildParts(
    ImageService images,
    Snapshotter snapshots,
    Mounter mounter,
    ContainerRuntime runtime,
    Networks networks,
    HostFacts host,
    RecordedCache cache,
    Path folder,
    String cgroup,
    Clock clock) {}
