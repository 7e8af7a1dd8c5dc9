package dev.kemas.registry.server.command;

import dev.kemas.fault.Fault;
import dev.kemas.flag.FlagHelp;
import dev.kemas.flag.Flags;
import dev.kemas.flag.UsageError;
import dev.kemas.registry.server.ServerConfig;
import dev.kemas.registry.store.Place;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code kemas registry serve} can be told. */
final class ServeFlags {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([kmgt]?)i?b?");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})([smhd])");
  private static final Pattern ADDRESS = Pattern.compile("(.*):(\\d{1,5})");
  private static final List<String> LEVELS = List.of("debug", "info", "warn", "error");

  private final Flags flags = declared();

  /**
   * Reads the command line.
   *
   * @throws UsageError for an unknown flag, a missing value, a stray argument
   */
  ServeFlags(List<String> words) {
    flags.parse(words);
    if (!flags.arguments().isEmpty()) {
      throw new UsageError(
          "'kemas registry serve' accepts no arguments: " + flags.arguments().getFirst());
    }
  }

  private static Flags declared() {
    return new Flags()
        .value("access", "file", "Rules of who may do what with which repositories (YAML or JSON)")
        .value("audit-log", "file", "Write who changed and fetched what, a line of JSON each")
        .value(
            "cache-of",
            "host",
            "Be a cache of this registry: docker.io, HOST[:PORT]; its login"
                + " in KEMAS_CACHE_USER and KEMAS_CACHE_PASSWORD")
        .value("cache-size", "size", "How many bytes of blobs the cache may have, such as 50g")
        .value("gc-grace", '\0', "duration", "Spare what is younger, though unused", "1h")
        .value(
            "gc-interval", '\0', "duration", "How often to remove what is unused, 0s: never", "1h")
        .value("htpasswd", "file", "Users and their passwords (bcrypt: htpasswd -B)")
        .value("listen", '\0', "address", "Where to listen", "127.0.0.1:5000")
        .value("log-level", '\0', "level", "debug, info, warn or error", "info")
        .value("quota", "size", "How many bytes of blobs a repository may have, such as 20g")
        .toggle("read-only", "Refuse all changes")
        .value("root", '\0', "folder", "Keep the content in this folder", "/var/lib/kemas-registry")
        .value(
            "s3",
            "url",
            "Keep the content in a bucket, which several servers may share:"
                + " s3://BUCKET/PREFIX, credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        .value("s3-endpoint", "url", "Endpoint of the bucket, if it is not Amazon's")
        .value("s3-region", "region", "Region of the bucket")
        .value("tls-cert", "file", "Certificate and those between it and its authority (PEM)")
        .value("tls-key", "file", "Key of the certificate (PEM, not encrypted)")
        .toggle("token-auth", "Give tokens for passwords, with the rights of --access")
        .value("upload-expiry", '\0', "duration", "Drop uploads to which nothing was added", "7d")
        .toggle("version", 'v', "Print version information and quit");
  }

  boolean asksForHelp() {
    return flags.helpAsked();
  }

  boolean asksForVersion() {
    return flags.isOn("version");
  }

  /** One of debug, info, warn, error. */
  String logLevel() {
    String level = flags.text("log-level").toLowerCase(Locale.ROOT);
    if (!LEVELS.contains(level)) {
      throw flags.invalid("log-level", level, "want one of " + String.join(", ", LEVELS));
    }
    return level;
  }

  /**
   * The set-up.
   *
   * @throws UsageError for a value that cannot be used
   * @throws Fault.InvalidArgument for values that do not go together
   */
  ServerConfig config(String product, Map<String, String> environment) {
    return new ServerConfig(
        address(),
        product,
        store(environment),
        tls(),
        new ServerConfig.Access(path("htpasswd"), path("access"), flags.isOn("token-auth")),
        new ServerConfig.Limits(
            size("quota"),
            duration("gc-interval"),
            duration("gc-grace"),
            duration("upload-expiry")),
        cache(environment),
        flags.isOn("read-only"),
        path("audit-log"));
  }

  private Optional<ServerConfig.Cache> cache(Map<String, String> environment) {
    if (text("cache-size").isPresent() && text("cache-of").isEmpty()) {
      throw new Fault.InvalidArgument("--cache-size needs --cache-of");
    }
    return text("cache-of")
        .map(host ->
            new ServerConfig.Cache(
                host,
                size("cache-size"),
                environment.getOrDefault("KEMAS_CACHE_USER", ""),
                environment.getOrDefault("KEMAS_CACHE_PASSWORD", "")));
  }

  private Place store(Map<String, String> environment) {
    if (text("s3").isEmpty()) {
      return new Place.Folder(Path.of(flags.text("root")));
    }
    if (flags.isSet("root")) {
      throw new Fault.InvalidArgument("--root and --s3 exclude each other");
    }
    return new Place.Bucket(
        flags.text("s3"), text("s3-endpoint").map(URI::create), text("s3-region"), environment);
  }

  private Optional<ServerConfig.Tls> tls() {
    Optional<Path> certificate = path("tls-cert");
    Optional<Path> key = path("tls-key");
    if (certificate.isPresent() != key.isPresent()) {
      throw new Fault.InvalidArgument("--tls-cert and --tls-key belong together: give both");
    }
    return certificate.flatMap(c -> key.map(k -> new ServerConfig.Tls(c, k)));
  }

  private Optional<String> text(String name) {
    return Optional.of(flags.text(name)).filter(text -> !text.isEmpty());
  }

  private Optional<Path> path(String name) {
    return text(name).map(Path::of);
  }

  private OptionalLong size(String name) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    Matcher matcher = SIZE.matcher(text.get().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw flags.invalid(name, text.get(), "want a number with k, m, g or t, such as 20g");
    }
    int shift =
        switch (matcher.group(2)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          case "t" -> 40;
          default -> 0;
        };
    long number = Long.parseLong(matcher.group(1));
    if (number > Long.MAX_VALUE >> shift) {
      throw flags.invalid(name, text.get(), "it is too large");
    }
    return OptionalLong.of(number << shift);
  }

  private Duration duration(String name) {
    String text = flags.text(name);
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw flags.invalid(name, text, "want a number with s, m, h or d, such as 30m");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  private InetSocketAddress address() {
    String text = flags.text("listen");
    Matcher matcher = ADDRESS.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65535) {
      throw flags.invalid("listen", text, "want ADDRESS:PORT, such as 127.0.0.1:5000");
    }
    int port = Integer.parseInt(matcher.group(2));
    InetSocketAddress address =
        matcher.group(1).isEmpty()
            ? new InetSocketAddress(port)
            : new InetSocketAddress(matcher.group(1), port);
    if (address.isUnresolved()) {
      throw flags.invalid("listen", text, "the host is not known");
    }
    return address;
  }

  /** The text of {@code --help}. */
  static String help() {
    return """
    Usage:  kemas registry serve [OPTIONS]

    Serve images to other machines: a registry of the OCI distribution specification

    Options:
    %s

    Examples:
      kemas registry serve --root /srv/registry
      kemas registry serve --listen :443 --tls-cert c.pem --tls-key k.pem --htpasswd users
      kemas push localhost:5000/team/app:1.0
    """
        .formatted(String.join("\n", FlagHelp.lines(declared())));
  }
}
