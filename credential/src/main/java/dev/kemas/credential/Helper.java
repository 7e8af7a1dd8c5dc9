package dev.kemas.credential;

import dev.kemas.api.client.Json;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program {@code docker-credential-NAME} that keeps logins outside the configuration file. It is
 * called with one word and talks by standard input and output (the protocol of Docker's credential
 * helpers).
 */
final class Helper {
  private static final String ABSENT = "credentials not found in native keychain";
  private final String program;
  private final String searchPath;

  Helper(String name, String searchPath) {
    this.program = "docker-credential-" + name;
    this.searchPath = searchPath;
  }

  /** The login for a server; empty where the helper has none. */
  Optional<Credential> get(String server) {
    Answer answer = call("get", server);
    if (answer.status != 0) {
      if (answer.text.contains(ABSENT)) {
        return Optional.empty();
      }
      throw refused("get", server, answer);
    }
    Json json = parse(answer.text);
    String user = json.text("Username");
    String secret = json.text("Secret");
    return Optional.of(
        user.equals(Credential.TOKEN_USER)
            ? new Credential(server, "", "", secret)
            : new Credential(server, user, secret, ""));
  }

  /** Keeps a login. */
  void store(Credential credential) {
    boolean token = !credential.identityToken().isEmpty();
    Json.Obj json =
        Json.object()
            .put("ServerURL", credential.server())
            .put("Username", token ? Credential.TOKEN_USER : credential.user())
            .put("Secret", token ? credential.identityToken() : credential.password());
    Answer answer = call("store", json.write());
    if (answer.status != 0) {
      throw refused("store", credential.server(), answer);
    }
  }

  /** Forgets the login for a server. */
  void erase(String server) {
    Answer answer = call("erase", server);
    if (answer.status != 0 && !answer.text.contains(ABSENT)) {
      throw refused("erase", server, answer);
    }
  }

  /** The servers for which it has a login. */
  List<String> servers() {
    Answer answer = call("list", "");
    if (answer.status != 0) {
      throw refused("list", "all servers", answer);
    }
    return new ArrayList<>(parse(answer.text).fields().keySet());
  }

  private record Answer(int status, String text) {}

  private Answer call(String word, String input) {
    try {
      Process process =
          new ProcessBuilder(find(), word).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      byte[] out = process.getInputStream().readAllBytes();
      return new Answer(process.waitFor(), new String(out, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot run " + program + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("interrupted while " + program + " " + word + " ran");
    }
  }

  private String find() {
    for (String folder : searchPath.split(":", -1)) {
      Path candidate = Path.of(folder, program);
      if (!folder.isEmpty() && Files.isExecutable(candidate)) {
        return candidate.toString();
      }
    }
    throw new Fault.Unavailable(
        program
            + ", which the client configuration names, is not on the PATH: install it, or take"
            + " credsStore and credHelpers out of the configuration");
  }

  private Json parse(String text) {
    try {
      return Json.parse(text);
    } catch (Fault.InvalidArgument e) {
      // the answer may hold a secret: it is not shown
      throw new Fault.Unavailable(program + " gave an answer that is not JSON", e);
    }
  }

  private Fault refused(String word, String what, Answer answer) {
    return new Fault.Unavailable(
        program
            + " "
            + word
            + " for "
            + what
            + " ended with "
            + answer.status
            + ": "
            + answer.text);
  }
}
