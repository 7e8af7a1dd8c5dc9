package dev.kemas.daemon.config;

import java.util.Arrays;
import java.util.Optional;

/** What the daemon can be told, under dockerd's names. */
public enum Option {
  ADD_RUNTIME("add-runtime", "", "runtimes", Kind.PAIRS, "NAME=PATH: an additional OCI runtime"),
  BIP("bip", "", "bip", Kind.TEXT, "ADDRESS/PREFIX of the default network's bridge"),
  BRIDGE("bridge", "b", "bridge", Kind.TEXT, "name of the default network's bridge, or none"),
  BUILDER(
      "builder",
      "",
      "builder",
      Kind.OBJECT,
      "JSON with gc: how the build cache is kept within limits, as in dockerd's file"),
  CHECK("check", "", "", Kind.FLAG, "list what is kept below the data root and for whom, and end"),
  CONFIG_FILE(
      "config-file", "", "", Kind.TEXT, "configuration file (default /etc/kemas/daemon.json)"),
  GC_HIGH(
      "content.gc-high",
      "",
      "content.gc-high",
      Kind.TEXT,
      "remove unused images above this: 85% of the disk, or 50g of images (default never)"),
  GC_KEEP(
      "content.gc-keep",
      "",
      "content.gc-keep",
      Kind.LIST,
      "label=... or reference=...: images that stay"),
  GC_LOW(
      "content.gc-low", "", "content.gc-low", Kind.TEXT, "... down to this (default 9/10 of it)"),
  GC_MIN_AGE(
      "content.gc-min-age",
      "",
      "content.gc-min-age",
      Kind.TEXT,
      "images used later than this ago stay (default 10m)"),
  KEEP_COMPRESSED(
      "content.keep-compressed",
      "",
      "content.keep-compressed",
      Kind.FLAG,
      "keep layers as they came beside the unpacked ones (default true)"),
  DATA_ROOT("data-root", "", "data-root", Kind.TEXT, "what is kept (default /var/lib/kemas)"),
  DEBUG("debug", "D", "debug", Kind.FLAG, "log in detail"),
  ADDRESS_POOL(
      "default-address-pool",
      "",
      "default-address-pools",
      Kind.POOLS,
      "base=SUBNET,size=N: where subnets of new networks come from"),
  DEFAULT_RUNTIME("default-runtime", "", "default-runtime", Kind.TEXT, "OCI runtime to use"),
  SHM_SIZE("default-shm-size", "", "default-shm-size", Kind.TEXT, "size of /dev/shm (default 64m)"),
  ULIMIT("default-ulimit", "", "default-ulimits", Kind.ULIMITS, "NAME=SOFT[:HARD]"),
  DNS("dns", "", "dns", Kind.LIST, "name server for containers"),
  DNS_OPT("dns-opt", "", "dns-opts", Kind.LIST, "option of resolv.conf for containers"),
  DNS_SEARCH("dns-search", "", "dns-search", Kind.LIST, "search domain for containers"),
  EXEC_ROOT("exec-root", "", "exec-root", Kind.TEXT, "run-time state (default /run/kemas)"),
  GROUP("group", "G", "group", Kind.TEXT, "group of the socket (default kemas, then docker)"),
  HELP("help", "h", "", Kind.FLAG, "print this"),
  HOST("host", "H", "hosts", Kind.LIST, "where to listen (default unix:///run/kemas/kemas.sock)"),
  HOST_GATEWAY_IP(
      "host-gateway-ip", "", "host-gateway-ip", Kind.TEXT, "what host-gateway stands for"),
  ICC("icc", "", "icc", Kind.FLAG, "let containers of the default network talk (default true)"),
  INIT("init", "", "init", Kind.FLAG, "run an init in each container"),
  INSECURE_REGISTRY(
      "insecure-registry",
      "",
      "insecure-registries",
      Kind.LIST,
      "registry that is reached without TLS"),
  IP("ip", "", "ip", Kind.TEXT, "default address of published ports (default 0.0.0.0)"),
  LABEL("label", "", "labels", Kind.LIST, "KEY=VALUE of the daemon"),
  LIVE_RESTORE(
      "live-restore", "", "live-restore", Kind.FLAG, "accepted: containers always keep running"),
  LOG_DRIVER("log-driver", "", "log-driver", Kind.TEXT, "how output is kept (default json-file)"),
  LOG_LEVEL("log-level", "l", "log-level", Kind.TEXT, "debug, info, warn, error or fatal"),
  LOG_OPT("log-opt", "", "log-opts", Kind.PAIRS, "KEY=VALUE of the log driver"),
  MAX_DOWNLOADS(
      "max-concurrent-downloads",
      "",
      "max-concurrent-downloads",
      Kind.NUMBER,
      "layers that are pulled at once (default 3)"),
  MAX_UPLOADS(
      "max-concurrent-uploads",
      "",
      "max-concurrent-uploads",
      Kind.NUMBER,
      "layers that are pushed at once (default 5)"),
  MTU("mtu", "", "mtu", Kind.NUMBER, "MTU of networks"),
  PIDFILE("pidfile", "p", "pidfile", Kind.TEXT, "where the process id is written"),
  REGISTRY_MIRROR(
      "registry-mirror", "", "registry-mirrors", Kind.LIST, "[REGISTRY=]URL to ask first"),
  SIGNATURE_POLICY(
      "signature-policy",
      "",
      "signature-policy",
      Kind.TEXT,
      "file that says whose signature images must have to be pulled"),
  TLS("tls", "", "tls", Kind.FLAG, "use TLS; implied by --tlsverify"),
  TLS_CA("tlscacert", "", "tlscacert", Kind.TEXT, "who signs the clients' certificates"),
  TLS_CERT("tlscert", "", "tlscert", Kind.TEXT, "the daemon's certificate"),
  TLS_KEY("tlskey", "", "tlskey", Kind.TEXT, "the daemon's key"),
  TLS_VERIFY("tlsverify", "", "tlsverify", Kind.FLAG, "TLS, and clients must have a certificate"),
  VALIDATE("validate", "", "", Kind.FLAG, "check the configuration and end"),
  VERSION("version", "v", "", Kind.FLAG, "print the version");

  /** What values an option has, and what they look like in the file. */
  enum Kind {
    TEXT,
    NUMBER,
    FLAG,
    /** A JSON object, which its reader knows. */
    OBJECT,
    LIST,
    /** {@code key=value}; an object in the file. */
    PAIRS,
    /** {@code base=,size=}; a list of objects in the file. */
    POOLS,
    /** {@code name=soft:hard}; an object of objects in the file. */
    ULIMITS
  }

  private final String flag;
  private final String letter;
  private final String key;
  private final Kind kind;
  private final String help;

  Option(String flag, String letter, String key, Kind kind, String help) {
    this.flag = flag;
    this.letter = letter;
    this.key = key;
    this.kind = kind;
    this.help = help;
  }

  /** The long name, without dashes. */
  public String flag() {
    return flag;
  }

  /** The name in the file; empty when it cannot stand there. */
  String key() {
    return key;
  }

  Kind kind() {
    return kind;
  }

  boolean repeatable() {
    return switch (kind) {
      case TEXT, NUMBER, FLAG, OBJECT -> false;
      case LIST, PAIRS, POOLS, ULIMITS -> true;
    };
  }

  static Optional<Option> ofFlag(String flag) {
    return Arrays.stream(values()).filter(o -> o.flag.equals(flag)).findFirst();
  }

  static Optional<Option> ofLetter(String letter) {
    return Arrays.stream(values()).filter(o -> o.letter.equals(letter)).findFirst();
  }

  static Optional<Option> ofKey(String key) {
    return Arrays.stream(values()).filter(o -> !key.isEmpty() && o.key.equals(key)).findFirst();
  }

  /** Its line in the help. */
  String line() {
    return "  %-4s--%-24s%s"
        .formatted(letter.isEmpty() ? "" : "-" + letter + ",", flag, help)
        .stripTrailing();
  }
}
