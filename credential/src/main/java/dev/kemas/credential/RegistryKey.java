package dev.kemas.credential;

/** How the configuration file names a registry. */
public final class RegistryKey {
  /** The Docker Hub, for historical reasons by the address of its first index. */
  public static final String HUB = "https://index.docker.io/v1/";

  private RegistryKey() {}

  /** The name for a server as a person types it; "" means the Docker Hub. */
  public static String ofServer(String typed) {
    String host = host(typed.strip());
    return isHub(host) ? HUB : host;
  }

  /** The name for the registry of an image's reference. */
  public static String ofImage(String reference) {
    int slash = reference.indexOf('/');
    String first = slash < 0 ? "" : reference.substring(0, slash);
    boolean isHost =
        first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
    return isHost ? ofServer(first) : HUB;
  }

  /** Host and port: without a scheme before and a path behind. */
  static String host(String address) {
    int scheme = address.indexOf("://");
    String rest = scheme < 0 ? address : address.substring(scheme + 3);
    int slash = rest.indexOf('/');
    return slash < 0 ? rest : rest.substring(0, slash);
  }

  private static boolean isHub(String host) {
    return host.isEmpty()
        || host.equals("docker.io")
        || host.equals("index.docker.io")
        || host.equals("registry-1.docker.io");
  }
}
