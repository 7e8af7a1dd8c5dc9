package dev.kemas.engine;

import dev.kemas.container.ContainerConfig;
import dev.kemas.container.HostConfig;
import dev.kemas.container.NetworkingConfig;
import dev.kemas.oci.Digest;
import java.time.Instant;
import java.util.List;

/**
 * A container as it was at the moment of asking; also the record that is kept of it. Immutable.
 *
 * @param id 64 hexadecimal digits
 * @param name without the leading slash that the API shows
 * @param image the image's id
 * @param config what it runs: the request merged with the image's defaults
 * @param host what was asked of the host
 * @param networking what was asked of its networks
 * @param command the program and its arguments, entrypoint included
 * @param mounts what is mounted into it
 * @param runtime the OCI runtime's name
 * @param restarts how often its restart policy has started it again
 * @param stoppedByUser whether a person ended it, so that no policy starts it again
 */
public record Container(
    String id,
    String name,
    Instant created,
    Digest image,
    ContainerConfig config,
    HostConfig host,
    NetworkingConfig networking,
    List<String> command,
    List<MountPoint> mounts,
    String runtime,
    int restarts,
    boolean stoppedByUser,
    ContainerState state) {
  public Container {
    command = List.copyOf(command);
    mounts = List.copyOf(mounts);
  }

  /** The first twelve digits of the id: what people read. */
  public String shortId() {
    return id.substring(0, 12);
  }

  Container with(ContainerState changed) {
    return new Container(
        id,
        name,
        created,
        image,
        config,
        host,
        networking,
        command,
        mounts,
        runtime,
        restarts,
        stoppedByUser,
        changed);
  }

  Container withName(String changed) {
    return new Container(
        id,
        changed,
        created,
        image,
        config,
        host,
        networking,
        command,
        mounts,
        runtime,
        restarts,
        stoppedByUser,
        state);
  }

  Container withHost(HostConfig changed) {
    return new Container(
        id,
        name,
        created,
        image,
        config,
        changed,
        networking,
        command,
        mounts,
        runtime,
        restarts,
        stoppedByUser,
        state);
  }

  Container withNetworking(NetworkingConfig changed) {
    return new Container(
        id,
        name,
        created,
        image,
        config,
        host,
        changed,
        command,
        mounts,
        runtime,
        restarts,
        stoppedByUser,
        state);
  }

  Container withRestarts(int count) {
    return new Container(
        id,
        name,
        created,
        image,
        config,
        host,
        networking,
        command,
        mounts,
        runtime,
        count,
        stoppedByUser,
        state);
  }

  Container withStoppedByUser(boolean stopped) {
    return new Container(
        id,
        name,
        created,
        image,
        config,
        host,
        networking,
        command,
        mounts,
        runtime,
        restarts,
        stopped,
        state);
  }
}
