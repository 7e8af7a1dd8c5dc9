package dev.kemas.git;

import dev.kemas.address.Reach;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How git is to reach a remote: where its name leads, what is shown there, by which ssh. */
final class Transport {
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private final GitRules rules;
  private final Path folder;

  /**
   * @param folder where hosts' keys are remembered
   */
  Transport(GitRules rules, Path folder) {
    this.rules = rules;
    this.folder = folder;
  }

  /**
   * What git needs to be told.
   *
   * @param reach where the host is; the innermost when it is in several places
   */
  record Route(Map<String, String> variables, Map<String, String> settings, Reach reach) {}

  /**
   * Looks a remote's host up and refuses what must not be asked.
   *
   * @param from where the wish for it came from: a repository on the internet must not send us
   *     inwards
   */
  Route route(GitAddress address, GitLogin login, Reach from) {
    if (address.scheme().equals("file")) {
      if (!rules.localFiles()) {
        throw new Fault.Forbidden(
            "the repository %s is a file of the builder's host, which a build must not read: use"
                    .formatted(address)
                + " https:// or ssh://");
      }
      return new Route(Map.of(), Map.of(), Reach.LOOPBACK);
    }
    List<InetAddress> places = lookUp(address.host());
    Reach reach = places.stream().map(Reach::of).min(Reach::compareTo).orElse(Reach.PUBLIC);
    if (reach == Reach.LINK && !rules.linkLocal()) {
      throw new Fault.Forbidden(
          "%s is at %s, an address of this link alone, where no repository is looked for"
              .formatted(address.host(), places.getFirst().getHostAddress()));
    }
    if (!from.permits(reach)) {
      throw new Fault.Forbidden(
          "%s leads inwards, to %s, from a place further out: refused"
              .formatted(
                  address, places.isEmpty() ? address.host() : places.getFirst().getHostAddress()));
    }
    return switch (address.scheme()) {
      case "http", "https" -> new Route(Map.of(), web(address, login, places), reach);
      case "ssh" -> new Route(Map.of("GIT_SSH_COMMAND", ssh(login)), Map.of(), reach);
      default -> new Route(Map.of(), Map.of(), reach);
    };
  }

  /** Empty when the name is unknown here: a proxy may know it, and else git says so. */
  private static List<InetAddress> lookUp(String host) {
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try {
      return Arrays.asList(InetAddress.getAllByName(name));
    } catch (UnknownHostException e) {
      return List.of();
    }
  }

  /** The addresses that were looked at are those that are used: a second look-up could differ. */
  private static Map<String, String> web(
      GitAddress address, GitLogin login, List<InetAddress> places) {
    Map<String, String> settings = new LinkedHashMap<>();
    int port = port(address);
    if (!places.isEmpty() && !address.host().startsWith("[")) {
      List<String> addresses = places.stream().map(Transport::literal).toList();
      settings.put(
          "http.curloptResolve",
          "%s:%d:%s".formatted(address.host(), port, String.join(",", addresses)));
    }
    Optional<String> header =
        login.authorization().or(() -> address.userInfo().map(GitLogin::basic));
    header.ifPresent(value -> {
      if (value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
        throw new Fault.InvalidArgument(
            "the authorization for %s has control characters".formatted(address.host()));
      }
      settings.put(
          "http.%s://%s%s/.extraHeader"
              .formatted(
                  address.scheme(),
                  address.host(),
                  address.port() == 0 ? "" : ":" + address.port()),
          "Authorization: " + value);
    });
    return settings;
  }

  private static int port(GitAddress address) {
    if (address.port() != 0) {
      return address.port();
    }
    return address.scheme().equals("https") ? HTTPS : HTTP;
  }

  private static String literal(InetAddress address) {
    return address.getAddress().length == 4
        ? address.getHostAddress()
        : "[" + address.getHostAddress().replaceFirst("%.*", "") + "]";
  }

  /** Of the user's own configuration nothing; keys by the agent alone; no question, no forward. */
  private String ssh(GitLogin login) {
    Path known = folder.resolve("known_hosts");
    String strict = "accept-new";
    if (login.knownHosts().isPresent()) {
      known = write(login.knownHosts().get());
      strict = "yes";
    }
    String agent = login.agent().map(Path::toString).orElse("none");
    return String.join(
        " ",
        "ssh",
        "-F /dev/null",
        "-o BatchMode=yes",
        "-o ConnectTimeout=30",
        "-o ServerAliveInterval=30",
        "-o ForwardAgent=no",
        "-o ClearAllForwardings=yes",
        "-o PermitLocalCommand=no",
        option("IdentityAgent", agent),
        "-o IdentityFile=none",
        "-o GlobalKnownHostsFile=/dev/null",
        "-o StrictHostKeyChecking=" + strict,
        option("UserKnownHostsFile", known.toString()));
  }

  /** Read by a shell, then by ssh. */
  private static String option(String name, String value) {
    if (value.chars().anyMatch(c -> c < ' ' || c == '\'' || c == '"' || c == '\\' || c == '%')) {
      throw new Fault.InvalidArgument("ssh cannot be given the file " + value);
    }
    return "-o '%s=\"%s\"'".formatted(name, value);
  }

  /** A file by its content, so that one is enough for all who say the same. */
  private Path write(String knownHosts) {
    byte[] bytes = knownHosts.getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("known-" + sha256(bytes));
    try {
      Path fresh = Files.createTempFile(folder, "known-", ".new");
      Files.write(fresh, bytes);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      return file;
    } catch (IOException e) {
      throw new Fault.Internal("cannot write %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new Fault.Internal("this Java has no SHA-256", e);
    }
  }
}
