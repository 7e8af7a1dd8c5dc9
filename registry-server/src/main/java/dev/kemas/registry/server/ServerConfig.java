package dev.kemas.registry.server;

import dev.kemas.registry.store.Place;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a registry is set up.
 *
 * @param listen resolved; port 0 for a free one
 * @param product for the {@code Server} header
 * @param store where the content is
 * @param tls empty for plain HTTP
 * @param access who may do what
 * @param limits what there is at most, and for how long
 * @param cache of another registry; then nothing is pushed here
 * @param readOnly whether nothing may be changed
 * @param auditLog a file to which lines are added
 */
public record ServerConfig(
    InetSocketAddress listen,
    String product,
    Place store,
    Optional<Tls> tls,
    Access access,
    Limits limits,
    Optional<Cache> cache,
    boolean readOnly,
    Optional<Path> auditLog) {

  /** A registry for everybody, without limits, that collects its garbage each hour. */
  public static ServerConfig of(InetSocketAddress listen, String product, Place store) {
    return new ServerConfig(
        listen,
        product,
        store,
        Optional.empty(),
        Access.OPEN,
        Limits.USUAL,
        Optional.empty(),
        false,
        Optional.empty());
  }

  /** The same with other access. */
  public ServerConfig with(Access other) {
    return new ServerConfig(listen, product, store, tls, other, limits, cache, readOnly, auditLog);
  }

  /** The same with other limits. */
  public ServerConfig with(Limits other) {
    return new ServerConfig(listen, product, store, tls, access, other, cache, readOnly, auditLog);
  }

  /**
   * A certificate with those between it and its authority, and its key; files in PEM.
   *
   * @param key not encrypted
   */
  public record Tls(Path certificate, Path key) {}

  /**
   * Who may do what.
   *
   * @param passwords an htpasswd file; empty where nobody has a password and all may do everything
   * @param rules a file of rules; empty where who is known may do everything
   * @param tokens whether passwords are given for tokens, which clients send then
   */
  public record Access(Optional<Path> passwords, Optional<Path> rules, boolean tokens) {
    /** Everybody may do everything. */
    public static final Access OPEN = new Access(Optional.empty(), Optional.empty(), false);
  }

  /**
   * What there is at most.
   *
   * @param quotaBytes of each repository; empty for no limit
   * @param collectEvery how often garbage is collected; zero for never
   * @param grace age of what the collector may remove
   * @param uploads age of uploads that it may remove
   */
  public record Limits(
      OptionalLong quotaBytes, Duration collectEvery, Duration grace, Duration uploads) {
    private static final Duration LONGEST_RENEWAL = Duration.ofMinutes(10);

    /** The age at which what is asked for is written again, lest a collector takes it. */
    Duration renewal() {
      Duration part = grace.dividedBy(4);
      return part.compareTo(LONGEST_RENEWAL) < 0 ? part : LONGEST_RENEWAL;
    }

    /** No quota; each hour what was not needed for an hour, uploads after a week. */
    public static final Limits USUAL =
        new Limits(
            OptionalLong.empty(), Duration.ofHours(1), Duration.ofHours(1), Duration.ofDays(7));
  }

  /**
   * Which registry is cached.
   *
   * @param host {@code docker.io} or {@code host:port}
   * @param mostBytes of blobs; empty for no limit
   * @param user for the other registry; empty where it wants none
   */
  public record Cache(String host, OptionalLong mostBytes, String user, String password) {
    /** Without the password. */
    @Override
    public String toString() {
      return host;
    }
  }
}
