package dev.kemas.bootstrap;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/**
 * One entry of the host's package configuration (sources.list(5)).
 *
 * @param uris where from
 * @param suites {@code bookworm}, {@code bookworm-updates}, ...
 * @param components {@code main}, ...
 * @param signedBy path of a keyring, or the key itself
 * @param trusted whether signatures are not asked for
 * @param origin file and line, for messages
 */
record AptSource(
    List<String> uris,
    List<String> suites,
    List<String> components,
    Optional<String> signedBy,
    boolean trusted,
    String origin) {
  public AptSource {
    uris = List.copyOf(uris);
    suites = List.copyOf(suites);
    components = List.copyOf(components);
  }

  AptSource withSuites(List<String> others) {
    return new AptSource(uris, others, components, signedBy, trusted, origin);
  }

  AptSource withSignedBy(Optional<String> other) {
    return new AptSource(uris, suites, components, other, trusted, origin);
  }

  /** The same without user names and passwords: what may be shown and put into an image. */
  AptSource withoutCredentials() {
    return new AptSource(
        uris.stream().map(AptSource::withoutCredentials).toList(),
        suites,
        components,
        signedBy,
        trusted,
        origin);
  }

  /** An address without user name and password. */
  static String withoutCredentials(String address) {
    try {
      URI uri = new URI(address);
      if (uri.getRawUserInfo() == null) {
        return address;
      }
    } catch (URISyntaxException e) {
      return address.replaceFirst("//[^/@]*@", "//");
    }
    return address.replaceFirst("//[^/@]*@", "//");
  }

  /** As a stanza of a deb822 file. */
  String stanza() {
    StringBuilder text = new StringBuilder("Types: deb\n");
    text.append("URIs: ").append(String.join(" ", uris)).append('\n');
    text.append("Suites: ").append(String.join(" ", suites)).append('\n');
    if (!components.isEmpty()) {
      text.append("Components: ").append(String.join(" ", components)).append('\n');
    }
    signedBy.ifPresent(key -> text.append("Signed-By: ").append(key).append('\n'));
    if (trusted) {
      text.append("Trusted: yes\n");
    }
    return text.append('\n').toString();
  }
}
