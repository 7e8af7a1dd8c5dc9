package dev.kemas.daemon.config;

import dev.kemas.api.server.Listen;
import dev.kemas.daemon.config.DaemonConfig.ContentOptions;
import dev.kemas.daemon.config.DaemonConfig.LogLevel;
import dev.kemas.daemon.config.DaemonConfig.NetworkOptions;
import dev.kemas.daemon.config.DaemonConfig.Pool;
import dev.kemas.daemon.config.DaemonConfig.TlsOptions;
import dev.kemas.daemon.config.DaemonConfig.Transfers;
import dev.kemas.daemon.config.DaemonConfig.UlimitOption;
import dev.kemas.fault.Fault;
import dev.kemas.image.Mark;
import dev.kemas.image.Watermarks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts of options, read as what they stand for. */
final class Values {
  private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*([kmgt]?)i?b?");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})([smh])");
  private static final Pattern POOL = Pattern.compile("base=([^,]+),size=(\\d+)");
  private static final Pattern ULIMIT = Pattern.compile("([a-z]+)=(-?\\d+)(?::(-?\\d+))?");
  private final Map<Option, List<String>> given;

  Values(Map<Option, List<String>> given) {
    this.given = given;
  }

  DaemonConfig config() {
    Path execRoot = path(Option.EXEC_ROOT, "/run/kemas");
    List<String> hosts = all(Option.HOST);
    return new DaemonConfig(
        hosts.isEmpty()
            ? List.of(DaemonConfig.defaultHost())
            : hosts.stream().map(Listen::parse).distinct().toList(),
        path(Option.DATA_ROOT, "/var/lib/kemas"),
        execRoot,
        path(Option.PIDFILE, execRoot.resolve("kemas.pid").toString()),
        level(),
        pairs(Option.ADD_RUNTIME),
        last(Option.DEFAULT_RUNTIME),
        network(),
        all(Option.INSECURE_REGISTRY),
        all(Option.REGISTRY_MIRROR),
        new Transfers(atOnce(Option.MAX_DOWNLOADS, 3), atOnce(Option.MAX_UPLOADS, 5)),
        last(Option.SIGNATURE_POLICY).map(text -> Path.of(text).toAbsolutePath().normalize()),
        content(),
        last(Option.BUILDER).map(BuilderGc::parse).orElse(BuilderGc.USUAL),
        all(Option.LABEL),
        last(Option.LOG_DRIVER).orElse("json-file"),
        pairs(Option.LOG_OPT),
        all(Option.ULIMIT).stream().map(Values::ulimit).toList(),
        last(Option.SHM_SIZE).map(Values::size).orElse(64L << 20),
        flag(Option.INIT, false),
        last(Option.GROUP),
        tls());
  }

  private NetworkOptions network() {
    return new NetworkOptions(
        last(Option.BIP),
        last(Option.BRIDGE),
        all(Option.ADDRESS_POOL).stream().map(Values::pool).toList(),
        all(Option.DNS),
        all(Option.DNS_OPT),
        all(Option.DNS_SEARCH),
        last(Option.HOST_GATEWAY_IP),
        flag(Option.ICC, true),
        last(Option.IP),
        last(Option.MTU).map(text -> number(Option.MTU, text)).orElse(0));
  }

  private ContentOptions content() {
    Optional<Mark> high = last(Option.GC_HIGH).map(Mark::parse);
    for (Option needsHigh : List.of(Option.GC_LOW, Option.GC_MIN_AGE, Option.GC_KEEP)) {
      if (high.isEmpty() && last(needsHigh).isPresent()) {
        throw new Fault.InvalidArgument(
            "\"--" + needsHigh.flag() + "\" is of no use without \"--content.gc-high\"");
      }
    }
    return new ContentOptions(flag(Option.KEEP_COMPRESSED, true), high.map(this::marks));
  }

  private Watermarks marks(Mark high) {
    Mark usual =
        switch (high) {
          case Mark.Percent(int of) -> new Mark.Percent(Math.max(1, of * 9 / 10));
          case Mark.Bytes(long count) -> new Mark.Bytes(Math.max(1, count / 10 * 9));
        };
    Duration minAge = last(Option.GC_MIN_AGE).map(Values::duration).orElse(Duration.ofMinutes(10));
    Mark low = last(Option.GC_LOW).map(Mark::parse).orElse(usual);
    return new Watermarks(high, low, minAge, all(Option.GC_KEEP));
  }

  private static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw invalid(Option.GC_MIN_AGE, text, "want a number with s, m or h");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  private int atOnce(Option option, int otherwise) {
    int number = last(option).map(text -> number(option, text)).orElse(otherwise);
    if (number < 1) {
      throw new Fault.InvalidArgument(
          "invalid argument \"" + number + "\" for \"--" + option.flag() + "\": want at least 1");
    }
    return number;
  }

  private TlsOptions tls() {
    return new TlsOptions(
        last(Option.TLS).filter("false"::equals).isPresent(),
        last(Option.TLS_CA).map(Path::of),
        last(Option.TLS_CERT).map(Path::of),
        last(Option.TLS_KEY).map(Path::of));
  }

  private LogLevel level() {
    if (flag(Option.DEBUG, false)) {
      return LogLevel.DEBUG;
    }
    String text = last(Option.LOG_LEVEL).orElse("info");
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "trace", "debug" -> LogLevel.DEBUG;
      case "info" -> LogLevel.INFO;
      case "warn", "warning" -> LogLevel.WARN;
      case "error", "fatal", "panic" -> LogLevel.ERROR;
      default -> throw new Fault.InvalidArgument("invalid logging level: " + text);
    };
  }

  private List<String> all(Option option) {
    return given.getOrDefault(option, List.of());
  }

  private Optional<String> last(Option option) {
    List<String> values = all(option);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  private boolean flag(Option option, boolean otherwise) {
    return last(option).map(Boolean::parseBoolean).orElse(otherwise);
  }

  private Path path(Option option, String otherwise) {
    Path path = Path.of(last(option).orElse(otherwise));
    return path.toAbsolutePath().normalize();
  }

  private Map<String, String> pairs(Option option) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String text : all(option)) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw invalid(option, text, "want KEY=VALUE");
      }
      pairs.put(text.substring(0, equals), text.substring(equals + 1));
    }
    return pairs;
  }

  private static int number(Option option, String text) {
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new Fault.InvalidArgument(
          "invalid argument \"" + text + "\" for \"--" + option.flag() + "\": not a number", e);
    }
  }

  private static Pool pool(String text) {
    Matcher matcher = POOL.matcher(text);
    if (!matcher.matches()) {
      throw invalid(Option.ADDRESS_POOL, text, "want base=SUBNET,size=N");
    }
    return new Pool(matcher.group(1), number(Option.ADDRESS_POOL, matcher.group(2)));
  }

  private static UlimitOption ulimit(String text) {
    Matcher matcher = ULIMIT.matcher(text);
    if (!matcher.matches()) {
      throw invalid(Option.ULIMIT, text, "want NAME=SOFT[:HARD]");
    }
    long soft = Long.parseLong(matcher.group(2));
    return new UlimitOption(
        matcher.group(1), soft, matcher.group(3) == null ? soft : Long.parseLong(matcher.group(3)));
  }

  private static long size(String text) {
    Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw invalid(Option.SHM_SIZE, text, "want a number with k, m or g");
    }
    int shift =
        switch (matcher.group(2)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          case "t" -> 40;
          default -> 0;
        };
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new Fault.InvalidArgument(
          "invalid argument \"" + text + "\" for \"--default-shm-size\": too large", e);
    }
  }

  private static Fault.InvalidArgument invalid(Option option, String text, String why) {
    return new Fault.InvalidArgument(
        "invalid argument \"" + text + "\" for \"--" + option.flag() + "\": " + why);
  }
}
