package dev.kemas.credential;

import dev.kemas.api.client.Json;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The configuration file of Docker's clients, {@code config.json}: where logins are, by {@code
 * auths}, {@code credsStore} and {@code credHelpers}. Fields that are not ours are kept as they
 * are.
 *
 * <p>The file is read when the object is made and written whole by each change, by a rename, so a
 * reader never sees half of it. Not for several threads.
 *
 * <p>Faults: {@link Fault.InvalidArgument} for a file that is not JSON, {@link Fault.Unavailable}
 * for one that cannot be read or written and for a helper program that fails.
 */
public final class ClientConfig {
  private final Path file;
  private final String searchPath;
  private final Json.Obj json;

  private ClientConfig(Path file, String searchPath, Json.Obj json) {
    this.file = file;
    this.searchPath = searchPath;
    this.json = json;
  }

  /**
   * The file that the environment names: {@code $DOCKER_CONFIG/config.json}, else {@code
   * $HOME/.docker/config.json}. A file that is not there reads as an empty one.
   *
   * @param variable gives a variable of the environment, "" where it is not set
   */
  public static ClientConfig of(UnaryOperator<String> variable) {
    String folder = variable.apply("DOCKER_CONFIG");
    if (!folder.isEmpty()) {
      return read(Path.of(folder, "config.json"), variable.apply("PATH"));
    }
    String home = variable.apply("HOME");
    return read(
        Path.of(home.isEmpty() ? "/root" : home, ".docker", "config.json"), variable.apply("PATH"));
  }

  /**
   * Reads a file; one that is not there reads as an empty one.
   *
   * @param searchPath folders where helper programs are looked for, parted by colons
   */
  public static ClientConfig read(Path file, String searchPath) {
    try {
      String text = Files.readString(file);
      Json json = text.isBlank() ? Json.object() : Json.parse(text);
      if (json instanceof Json.Obj object) {
        return new ClientConfig(file, searchPath, object);
      }
      throw new Fault.InvalidArgument(file + " does not hold a JSON object");
    } catch (NoSuchFileException absent) {
      return new ClientConfig(file, searchPath, Json.object());
    } catch (Fault.InvalidArgument e) {
      throw new Fault.InvalidArgument(
          "the client configuration " + file + " is damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot read the client configuration " + file + ": " + e.getMessage(), e);
    }
  }

  /** Where it lies. */
  public Path file() {
    return file;
  }

  /** Whether a login for this server lies readable in the file, not with a helper. */
  public boolean keepsInPlain(String server) {
    return helper(server).isEmpty();
  }

  /** The login for a server as {@link RegistryKey} names it; empty where there is none. */
  public Optional<Credential> find(String server) {
    Optional<Helper> helper = helper(server);
    return helper.isPresent() ? helper.get().get(server) : inFile(server);
  }

  /** All logins by server. */
  public Map<String, Credential> all() {
    Set<String> servers = new LinkedHashSet<>(json.get("auths").fields().keySet());
    if (!json.text("credsStore").isEmpty()) {
      servers.addAll(new Helper(json.text("credsStore"), searchPath).servers());
    }
    servers.addAll(json.get("credHelpers").fields().keySet());
    Map<String, Credential> all = new LinkedHashMap<>();
    for (String server : servers) {
      find(server).ifPresent(c -> all.put(server, c));
    }
    return all;
  }

  /** Keeps a login, in place of an older one for the same server. */
  public void store(Credential credential) {
    Optional<Helper> helper = helper(credential.server());
    Json.Obj entry = Json.object();
    if (helper.isPresent()) {
      helper.get().store(credential);
    } else {
      String pair = credential.user() + ":" + credential.password();
      entry.put("auth", Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
      if (!credential.identityToken().isEmpty()) {
        entry.put("identitytoken", credential.identityToken());
      }
    }
    // with a helper the empty entry says that there is a login, as Docker's clients write it
    auths().put(credential.server(), entry);
    write();
  }

  /** Forgets the login for a server; false where there was none. */
  public boolean erase(String server) {
    Optional<Credential> known = find(server);
    helper(server).ifPresent(h -> h.erase(server));
    boolean removed = auths().fields().keySet().removeIf(k -> isSame(k, server));
    if (removed) {
      write();
    }
    return removed || known.isPresent();
  }

  private Optional<Credential> inFile(String server) {
    Map<String, Json> auths = json.get("auths").fields();
    Json exact = auths.get(server);
    if (exact != null) {
      return decode(server, exact);
    }
    for (Map.Entry<String, Json> entry : auths.entrySet()) {
      if (isSame(entry.getKey(), server)) {
        return decode(server, entry.getValue());
      }
    }
    return Optional.empty();
  }

  private static boolean isSame(String key, String server) {
    return key.equals(server) || RegistryKey.host(key).equals(RegistryKey.host(server));
  }

  private Optional<Credential> decode(String server, Json entry) {
    String user = entry.text("username");
    String password = entry.text("password");
    if (!entry.text("auth").isEmpty()) {
      String pair;
      try {
        pair = new String(Base64.getDecoder().decode(entry.text("auth")), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw new Fault.InvalidArgument(
            "the login for " + server + " in " + file + " is not base64: log in again", e);
      }
      int colon = pair.indexOf(':');
      if (colon <= 0 && entry.text("identitytoken").isEmpty()) {
        throw new Fault.InvalidArgument(
            "the login for " + server + " in " + file + " is not user:password: log in again");
      }
      user = colon < 0 ? "" : pair.substring(0, colon);
      // older clients ended the password with a zero byte
      password = colon < 0 ? "" : pair.substring(colon + 1).replaceAll("\0+$", "");
    }
    Credential found = new Credential(server, user, password, entry.text("identitytoken"));
    boolean isEmpty = user.isEmpty() && found.identityToken().isEmpty();
    return isEmpty ? Optional.empty() : Optional.of(found);
  }

  private Optional<Helper> helper(String server) {
    for (Map.Entry<String, Json> entry : json.get("credHelpers").fields().entrySet()) {
      if (isSame(entry.getKey(), server)) {
        return Optional.of(new Helper(entry.getValue().text(), searchPath));
      }
    }
    String store = json.text("credsStore");
    return store.isEmpty() ? Optional.empty() : Optional.of(new Helper(store, searchPath));
  }

  private Json.Obj auths() {
    if (json.get("auths") instanceof Json.Obj auths) {
      return auths;
    }
    Json.Obj auths = Json.object();
    json.put("auths", auths);
    return auths;
  }

  private void write() {
    try {
      // a link to a file elsewhere stays one
      Path target = Files.exists(file) ? file.toRealPath() : file;
      Path folder = Optional.ofNullable(target.getParent()).orElse(Path.of("."));
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Path fresh =
          Files.createTempFile(
              folder,
              "config.json.",
              "",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        Files.writeString(fresh, json.pretty("\t"));
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot write the client configuration " + file + ": " + e.getMessage(), e);
    }
  }
}
