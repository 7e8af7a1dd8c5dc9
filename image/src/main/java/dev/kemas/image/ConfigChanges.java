package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.oci.ProcessDefaults;
import java.util.List;

/**
 * The instructions that {@code docker import --change} and {@code docker commit --change} take:
 * CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME, WORKDIR.
 */
public final class ConfigChanges {
  private ConfigChanges() {}

  /**
   * Applies instructions one after the other.
   *
   * @throws Fault.InvalidArgument when one is malformed or not among those above
   */
  public static ProcessDefaults apply(ProcessDefaults before, List<String> changes) {
    throw new Fault.Unsupported("images are not there yet");
  }
}
