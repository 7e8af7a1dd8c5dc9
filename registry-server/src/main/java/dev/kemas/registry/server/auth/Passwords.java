package dev.kemas.registry.server.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Users and their passwords in an htpasswd file, bcrypt only. The file is read again when it
 * changes. A password that was right is remembered as a keyed hash in memory, since bcrypt is slow
 * on purpose and a pull has many requests. Thread-safe.
 */
public final class Passwords {
  /** Slow on purpose: strangers must not take all processors with it. */
  private static final int AT_ONCE = 2;

  /** Compared with when a user is not known, so that the time tells nothing. */
  private static final String NOBODY =
      "$2a$10$7EqJtq98hPqEX7fNZaFWoOhi5BWX4Z3v3Z3v3Z3v3Z3v3Z3v3Z3v3";

  private final Path file;
  private final SecretKeySpec key;
  private final Semaphore slow = new Semaphore(AT_ONCE);
  private final Map<String, Right> right = new ConcurrentHashMap<>();
  private volatile Users users;

  private record Users(Map<String, String> hashes, FileTime readAt) {}

  private record Right(String hash, String password) {}

  /**
   * Reads the file.
   *
   * @throws Fault.InvalidArgument when it cannot be read or has other hashes than bcrypt's
   */
  public Passwords(Path file) {
    this.file = file;
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, "HmacSHA256");
    this.users = read(file);
  }

  private static Users read(Path file) {
    try {
      FileTime readAt = Files.getLastModifiedTime(file);
      Map<String, String> hashes = new LinkedHashMap<>();
      for (String line : Files.readAllLines(file)) {
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#")) {
          continue;
        }
        int colon = text.indexOf(':');
        String hash = text.substring(colon + 1);
        if (colon <= 0 || !hash.matches("\\$2[aby]\\$\\d\\d\\$.{53}")) {
          throw new Fault.InvalidArgument(
              file
                  + ": the line of "
                  + (colon <= 0 ? "a user" : "user " + text.substring(0, colon))
                  + " has no bcrypt hash: make it with htpasswd -B");
        }
        hashes.put(text.substring(0, colon), hash);
      }
      return new Users(hashes, readAt);
    } catch (IOException e) {
      throw new Fault.InvalidArgument("cannot read the passwords in " + file + ": " + e, e);
    }
  }

  /** Whether this is a user's password. */
  public boolean matches(String user, String password) {
    Optional<String> hash = Optional.ofNullable(current().hashes().get(user));
    String mark = mark(password);
    Right known = right.get(user);
    if (hash.isPresent() && known != null && known.hash().equals(hash.get())) {
      if (MessageDigest.isEqual(bytes(known.password()), bytes(mark))) {
        return true;
      }
    }
    slow.acquireUninterruptibly();
    try {
      boolean verified =
          BCrypt.verifyer().verify(password.toCharArray(), hash.orElse(NOBODY)).verified;
      if (verified && hash.isPresent()) {
        right.put(user, new Right(hash.get(), mark));
      }
      return verified && hash.isPresent();
    } finally {
      slow.release();
    }
  }

  /** What changes with a user's password; empty for who is no user. */
  String version(String user) {
    String hash = current().hashes().get(user);
    return hash == null ? "" : Digest.of(bytes(hash)).hex();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String mark(String password) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return java.util.HexFormat.of().formatHex(mac.doFinal(bytes(password)));
    } catch (GeneralSecurityException e) {
      throw new Fault.Internal("this Java runtime lacks HmacSHA256", e);
    }
  }

  private Users current() {
    Users known = users;
    try {
      if (!Files.getLastModifiedTime(file).equals(known.readAt())) {
        known = read(file);
        users = known;
      }
      return known;
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot read the passwords in " + file + ": " + e, e);
    }
  }
}
