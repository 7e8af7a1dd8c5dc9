package dev.kemas.cli.build;

import dev.kemas.api.client.Json;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.lend.Lent;
import dev.kemas.cli.lend.Screen;
import dev.kemas.flag.Flags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The options for which a build needs the client's help: what is lent, and what is named so. */
final class Lending {
  private static final String IMAGE = "docker-image://";
  private static final String LAYOUT = "oci-layout://";

  private final Session session;
  private final Flags flags;
  private final Map<String, Path> folders = new HashMap<>();
  private final Map<String, Lent.Secret> secrets = new HashMap<>();
  private final Map<String, Path> agents = new HashMap<>();
  private final Map<Integer, Lent.Place> places = new HashMap<>();
  private final Map<String, Path> stores = new HashMap<>();
  private final Json.Obj contexts = Json.object();
  private final Json.Arr outputs = new Json.Arr();
  private final LentCaches caches;
  private boolean toStandardOutput;
  private Optional<ShellScreen> screen = Optional.empty();

  private Lending(Session session, Flags flags) {
    this.session = session;
    this.flags = flags;
    this.caches = new LentCaches(flags, stores);
  }

  static Lending of(Session session, Flags flags) {
    Lending lending = new Lending(session, flags);
    flags.all("secret").forEach(lending::secret);
    flags.all("ssh").forEach(lending::agent);
    flags.all("build-context").forEach(lending::context);
    flags.all("output").forEach(lending::output);
    flags.all("cache-from").forEach(lending.caches::from);
    flags.all("cache-to").forEach(lending.caches::to);
    lending.screen = ShellScreen.of(session.console(), flags);
    return lending;
  }

  Lent lent() {
    return new Lent(folders, secrets, agents, stores, places, screen.map(Screen.class::cast));
  }

  /**
   * Further contexts: an address, {@code docker-image://}, or {@code local:} and a folder's name.
   */
  Json.Obj contexts() {
    return contexts;
  }

  /** Caches of other machines. */
  LentCaches caches() {
    return caches;
  }

  /** Where results go; none: into the engine's images. */
  Json.Arr outputs() {
    return outputs;
  }

  /** Whether standard output is taken by a result. */
  boolean toStandardOutput() {
    return toStandardOutput;
  }

  /** The terminal for a shell in a step that fails, where one is asked for. */
  Optional<ShellScreen> screen() {
    return screen;
  }

  static Map<String, String> attributes(Flags flags, String option, String word) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String part : word.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw flags.invalid(option, word, "invalid field '" + part + "' must be a key=value pair");
      }
      attributes.put(part.substring(0, equals), part.substring(equals + 1));
    }
    return attributes;
  }

  private void secret(String word) {
    Map<String, String> given = attributes(flags, "secret", word);
    String id = given.getOrDefault("id", "");
    String type = given.getOrDefault("type", "");
    String file = given.getOrDefault("src", given.getOrDefault("source", ""));
    String variable = given.getOrDefault("env", "");
    if (id.isEmpty()) {
      throw flags.invalid("secret", word, "want id=NAME, and src=FILE or env=VARIABLE");
    }
    if (type.equals("env") && variable.isEmpty()) {
      variable = file.isEmpty() ? id : file;
      file = "";
    }
    if (file.isEmpty() && variable.isEmpty()) {
      if (session.hasVariable(id)) {
        variable = id;
      } else {
        file = id;
      }
    }
    if (!variable.isEmpty()) {
      if (!session.hasVariable(variable)) {
        throw flags.invalid("secret", word, "the environment has no variable " + variable);
      }
      secrets.put(id, new Lent.SecretVariable(variable));
      return;
    }
    Path path = Path.of(file).toAbsolutePath();
    if (!Files.isReadable(path)) {
      throw flags.invalid("secret", word, "the file " + path + " is not there or not readable");
    }
    secrets.put(id, new Lent.SecretFile(path));
  }

  private void agent(String word) {
    int equals = word.indexOf('=');
    String id = equals < 0 ? word : word.substring(0, equals);
    String socket = equals < 0 ? session.variable("SSH_AUTH_SOCK") : word.substring(equals + 1);
    if (socket.isEmpty()) {
      throw flags.invalid(
          "ssh", word, "no agent is running: SSH_AUTH_SOCK is not set; start one with ssh-agent");
    }
    Path path = Path.of(socket).toAbsolutePath();
    if (!Files.exists(path) || Files.isRegularFile(path)) {
      throw flags.invalid(
          "ssh", word, path + " is no agent's socket; keys in files are added with ssh-add");
    }
    agents.put(id, path);
  }

  private void context(String word) {
    int equals = word.indexOf('=');
    if (equals <= 0) {
      throw flags.invalid("build-context", word, "invalid context value: want name=value");
    }
    String name = word.substring(0, equals);
    String value = word.substring(equals + 1);
    if (value.startsWith(IMAGE) || Source.isAddress(value)) {
      contexts.put(name, value);
      return;
    }
    if (value.startsWith(LAYOUT)) {
      Layout.Named layout = Layout.named(flags, word, value.substring(LAYOUT.length()));
      String store = "layout-" + contexts.fields().size();
      stores.put("oci:" + store, layout.folder());
      contexts.put(name, LAYOUT + store + "@" + layout.digest());
      return;
    }
    Path folder = Path.of(value).toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      throw flags.invalid(
          "build-context",
          word,
          folder + " is no folder and no address; images are written " + IMAGE + "NAME");
    }
    folders.put("context:" + name, folder);
    contexts.put(name, "local:context:" + name);
  }

  private void output(String word) {
    Map<String, String> given = new TreeMap<>();
    if (word.equals("-")) {
      given.putAll(Map.of("type", "tar", "dest", "-"));
    } else if (word.indexOf('=') < 0) {
      given.putAll(Map.of("type", "local", "dest", word));
    } else {
      given.putAll(attributes(flags, "output", word));
    }
    String dest = given.getOrDefault("dest", "");
    String type = given.getOrDefault("type", "");
    int number = outputs.items().size();
    switch (type) {
      case "local" -> {
        if (dest.isEmpty() || dest.equals("-")) {
          throw flags.invalid("output", word, "a folder is needed: type=local,dest=FOLDER");
        }
        places.put(number, new Lent.ToFolder(Path.of(dest).toAbsolutePath()));
      }
      case "tar" -> places.put(number, place(word, dest));
      case "oci" -> places.put(number, archive(word, dest, given));
      case "docker" -> {
        if (!dest.isEmpty()) {
          places.put(number, archive(word, dest, given));
        } else {
          given.put("type", "image");
        }
      }
      case "image", "registry", "cacheonly" -> {}
      default ->
          throw flags.invalid(
              "output", word, "want type=local, tar, oci, docker, image, registry or cacheonly");
    }
    given.remove("dest");
    Json.Obj output = Json.object();
    given.forEach(output::put);
    outputs.add(output);
  }

  private Lent.Place archive(String word, String dest, Map<String, String> given) {
    if (!given.getOrDefault("tar", "true").equals("false")) {
      return place(word, dest);
    }
    if (dest.isEmpty() || dest.equals("-")) {
      throw flags.invalid("output", word, "a folder is needed with tar=false: dest=FOLDER");
    }
    return new Lent.ToFolder(Path.of(dest).toAbsolutePath());
  }

  private Lent.Place place(String word, String dest) {
    if (!dest.isEmpty() && !dest.equals("-")) {
      return new Lent.ToFile(Path.of(dest));
    }
    if (session.console().outIsTerminal()) {
      throw flags.invalid(
          "output", word, "a terminal does not show archives: give dest=FILE, or redirect");
    }
    if (toStandardOutput) {
      throw new Exit(1, "only one result can go to standard output: give the other dest=FILE");
    }
    toStandardOutput = true;
    return new Lent.ToStream(session.console().out());
  }
}
