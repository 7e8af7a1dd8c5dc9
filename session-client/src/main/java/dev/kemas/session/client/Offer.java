package dev.kemas.session.client;

import com.google.protobuf.ByteString;
import dev.kemas.buildkit.wire.Auth.CredentialsRequest;
import dev.kemas.buildkit.wire.Auth.CredentialsResponse;
import dev.kemas.buildkit.wire.Contents;
import dev.kemas.buildkit.wire.Health.HealthCheckRequest;
import dev.kemas.buildkit.wire.Health.HealthCheckResponse;
import dev.kemas.buildkit.wire.Secrets.GetSecretRequest;
import dev.kemas.buildkit.wire.Secrets.GetSecretResponse;
import dev.kemas.buildkit.wire.Ssh.CheckAgentRequest;
import dev.kemas.buildkit.wire.Ssh.CheckAgentResponse;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.Handler;
import dev.kemas.grpc.Services;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The services that a client offers for a build. Filled by the {@code with} methods, each once,
 * then served on a connection. One thread until it is served.
 */
public final class Offer {
  private static final String HEALTH = "/grpc.health.v1.Health/Check";

  private final Services services = new Services();
  private final List<String> methods = new ArrayList<>();

  /** Nothing but an answer to whoever asks whether the client still lives. */
  public Offer() {
    services.answer(
        HEALTH,
        HealthCheckRequest.parser(),
        question ->
            HealthCheckResponse.newBuilder()
                .setStatus(HealthCheckResponse.ServingStatus.SERVING)
                .build());
    methods.add(HEALTH);
  }

  /**
   * A login to a registry.
   *
   * @param username empty where the secret is a token that gets others
   * @param secret password or token
   */
  public record Login(String username, String secret) {
    @Override
    public String toString() {
      return "Login[username=" + username + "]";
    }
  }

  /** What serves a connection that the daemon calls on. */
  public Services services() {
    return services;
  }

  /** What the daemon is told that it may call. */
  public List<String> methods() {
    return List.copyOf(methods);
  }

  private Offer on(String method, Handler handler) {
    services.on(method, handler);
    methods.add(method);
    return this;
  }

  /** Folders by the names that the build has for them: {@code context}, {@code dockerfile}. */
  public Offer withFolders(Map<String, Path> folders) {
    return on("/moby.filesync.v1.FileSync/DiffCopy", new FolderService(folders));
  }

  /**
   * Secrets by id.
   *
   * @param secrets read when they are asked for
   */
  public Offer withSecrets(Map<String, Secret> secrets) {
    Map<String, Secret> all = Map.copyOf(secrets);
    return on(
        "/moby.buildkit.secrets.v1.Secrets/GetSecret",
        Handler.unary(
            GetSecretRequest.parser(),
            (call, question) -> {
              Secret secret = all.get(question.getId());
              if (secret == null) {
                throw new Fault.NotFound(
                    "secret", question.getId(), "secret " + question.getId() + ": not found");
              }
              return GetSecretResponse.newBuilder()
                  .setData(ByteString.copyFrom(secret.read()))
                  .build();
            }));
  }

  /**
   * Logins by the host of a registry; Docker Hub's is asked for as {@code registry-1.docker.io}.
   */
  public Offer withLogins(Function<String, Optional<Login>> logins) {
    return on(
        "/moby.filesync.v1.Auth/Credentials",
        Handler.unary(
            CredentialsRequest.parser(),
            (call, question) -> {
              Login login = logins.apply(question.getHost()).orElse(new Login("", ""));
              return CredentialsResponse.newBuilder()
                  .setUsername(login.username())
                  .setSecret(login.secret())
                  .build();
            }));
  }

  /**
   * Agents by id, {@code default} for the one without. They list their keys and sign; nothing else
   * goes through.
   *
   * @param agents the sockets they listen on
   */
  public Offer withAgents(Map<String, Path> agents) {
    Map<String, Path> all = Map.copyOf(agents);
    on(
        "/moby.sshforward.v1.SSH/CheckAgent",
        Handler.unary(
            CheckAgentRequest.parser(),
            (call, question) -> {
              socket(all, question.getId());
              return CheckAgentResponse.getDefaultInstance();
            }));
    return on(
        "/moby.sshforward.v1.SSH/ForwardAgent",
        call -> AgentRelay.relay(call, socket(all, call.metadata("buildkit.ssh.id").orElse(""))));
  }

  private static Path socket(Map<String, Path> agents, String id) {
    String name = id.isEmpty() ? "default" : id;
    Path socket = agents.get(name);
    if (socket == null) {
      throw new Fault.NotFound("ssh agent", name, "no ssh agent " + name + " is offered");
    }
    return socket;
  }

  /**
   * Streams by the path of the address that the build names them by. Each can be taken once, and is
   * closed then.
   */
  public Offer withUploads(Map<String, InputStream> uploads) {
    return on("/moby.upload.v1.Upload/Pull", new UploadService(uploads));
  }

  /**
   * Folders in OCI's layout, by the names that the build has for them: {@code oci:ID} for images,
   * {@code local:FOLDER} for build caches. Their blobs are read, and new ones are written.
   */
  public Offer withStores(Map<String, Path> stores) {
    ContentService service = new ContentService(stores);
    String prefix = "/containerd.services.content.v1.Content/";
    return on(prefix + "Info", Handler.unary(Contents.InfoRequest.parser(), service::info))
        .on(prefix + "Read", service::read)
        .on(prefix + "Write", service::write);
  }

  /** A person's terminal, for a shell in a step that fails. */
  public Offer withTerminal(Screen screen) {
    return on("/kemas.terminal.v1.Terminal/Open", new TerminalService(screen));
  }

  /** Places for results by their number in the build's list of exports. */
  public Offer withExports(Map<Integer, Destination> destinations) {
    return on("/moby.filesync.v1.FileSend/DiffCopy", new ExportService(destinations));
  }
}
