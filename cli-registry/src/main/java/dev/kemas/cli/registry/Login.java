package dev.kemas.cli.registry;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Console;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.stream.Prompt;
import dev.kemas.credential.ClientConfig;
import dev.kemas.credential.Credential;
import dev.kemas.credential.RegistryKey;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** {@code kemas login}: the engine tries the login with the registry, then it is kept. */
public final class Login extends Command {
  public Login() {}

  @Override
  public String usage() {
    return "[OPTIONS] [SERVER]";
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "kemas login                              at Docker Hub; asks for user and password",
        "kemas login registry.example.com         asks for user and password",
        "kemas login -u ci --password-stdin registry.example.com < token");
  }

  @Override
  public void declare(Flags flags) {
    flags.value("password", 'p', "string", "Password or personal access token");
    flags.toggle("password-stdin", "Take the password from standard input");
    flags.value("username", 'u', "string", "Username");
  }

  @Override
  public int run(Session session, Flags flags) {
    String server =
        RegistryKey.ofServer(flags.arguments().isEmpty() ? "" : flags.arguments().getFirst());
    ClientConfig config = ClientConfig.of(session::variable);
    Credential credential = credential(session, flags, server, config);
    Json answer = session.json(Request.post("/auth").body(credential.toJson()));
    String token = answer.text("IdentityToken");
    config.store(token.isEmpty() ? credential : credential.withIdentityToken(token));
    Console console = session.console();
    if (config.keepsInPlain(server)) {
      console.error(
          "WARNING! The login is kept unencrypted in "
              + config.file()
              + ": name a credential helper in it by credsStore to keep it elsewhere");
    }
    console.line(answer.text("Status"));
    return 0;
  }

  private static Credential credential(
      Session session, Flags flags, String server, ClientConfig config) {
    Console console = session.console();
    String user = flags.text("username");
    if (flags.isOn("password-stdin")) {
      if (flags.isSet("password")) {
        throw new Exit(1, "--password and --password-stdin are mutually exclusive");
      }
      if (user.isEmpty()) {
        throw new Exit(1, "--password-stdin needs the user too: add --username");
      }
      return new Credential(server, user, fromInput(console), "");
    }
    if (flags.isSet("password")) {
      console.error(
          "WARNING! Using --password via the CLI is insecure. Use --password-stdin."
              + " Others on this machine can read it while the command runs.");
    }
    Optional<Credential> known = config.find(server);
    if (user.isEmpty() && known.isPresent() && !flags.isSet("password")) {
      console.error("Authenticating with existing credentials... " + known.get());
      return known.get();
    }
    boolean asks = user.isEmpty() || !flags.isSet("password");
    if (asks && !console.inIsTerminal()) {
      throw new Exit(
          1,
          "cannot ask for the login: standard input is not a terminal; use --username and"
              + " --password-stdin");
    }
    if (user.isEmpty()) {
      user = Prompt.line(console, "Username: ").strip();
    }
    String password = flags.text("password");
    if (!flags.isSet("password")) {
      password = Prompt.secret(console, "Password: ");
    }
    if (user.isEmpty() || password.isEmpty()) {
      throw new Exit(1, "username and password must not be empty");
    }
    return new Credential(server, user, password, "");
  }

  private static String fromInput(Console console) {
    try {
      String text = new String(console.in().readAllBytes(), StandardCharsets.UTF_8);
      String password = text.replaceAll("[\r\n]+$", "");
      if (password.isEmpty()) {
        throw new Exit(1, "no password came on standard input");
      }
      return password;
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot read standard input: " + e.getMessage(), e);
    }
  }
}
