package dev.kemas.engine;

import dev.kemas.container.ContainerConfig;
import dev.kemas.container.HostConfig;
import dev.kemas.container.NetworkingConfig;
import dev.kemas.oci.Digest;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

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
    return changed(d -> d.state = changed);
  }

  Container withName(String changed) {
    return changed(d -> d.name = changed);
  }

  Container withHost(HostConfig changed) {
    return changed(d -> d.host = changed);
  }

  Container withNetworking(NetworkingConfig changed) {
    return changed(d -> d.networking = changed);
  }

  Container withRestarts(int count) {
    return changed(d -> d.restarts = count);
  }

  Container withStoppedByUser(boolean stopped) {
    return changed(d -> d.stoppedByUser = stopped);
  }

  /** What a {@code with} method changes before it is a record again. */
  private static final class Draft {
    String id;
    String name;
    Instant created;
    Digest image;
    ContainerConfig config;
    HostConfig host;
    NetworkingConfig networking;
    List<String> command;
    List<MountPoint> mounts;
    String runtime;
    int restarts;
    boolean stoppedByUser;
    ContainerState state;

    Draft(Container from) {
      id = from.id;
      name = from.name;
      created = from.created;
      image = from.image;
      config = from.config;
      host = from.host;
      networking = from.networking;
      command = from.command;
      mounts = from.mounts;
      runtime = from.runtime;
      restarts = from.restarts;
      stoppedByUser = from.stoppedByUser;
      state = from.state;
    }
  }

  private Container changed(Consumer<Draft> change) {
    Draft d = new Draft(this);
    change.accept(d);
    return new Container(
        d.id,
        d.name,
        d.created,
        d.image,
        d.config,
        d.host,
        d.networking,
        d.command,
        d.mounts,
        d.runtime,
        d.restarts,
        d.stoppedByUser,
        d.state);
  }
}
