package dev.kemas.conformance;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * OpenSSH's server on loopback with a host key of its own, which lets in who has {@link #key}, and
 * an agent that holds that key.
 */
final class SshServer implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/sshd");
  private final Path home;
  private final int port;
  private final Process server;
  private final Process agent;

  private SshServer(Path home, int port, Process server, Process agent) {
    this.home = home;
    this.port = port;
    this.server = server;
    this.agent = agent;
  }

  /** Skips the test, with the reason, where there is no sshd. */
  static SshServer in(Path home) throws IOException, InterruptedException {
    assumeThat(PROGRAM).as("sshd, which scripts/install-tools test installs").isExecutable();
    // where it goes without privileges; made by the init system elsewhere
    Files.createDirectories(Path.of("/run/sshd"));
    key(home.resolve("host"));
    key(home.resolve("user"));
    Files.copy(home.resolve("user.pub"), home.resolve("authorized"));
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Files.writeString(
        home.resolve("config"),
        """
        Port %d
        ListenAddress 127.0.0.1
        HostKey %2$s/host
        PidFile none
        AuthorizedKeysFile %2$s/authorized
        AuthenticationMethods publickey
        PermitRootLogin yes
        StrictModes no
        UsePAM no
        """
            .formatted(port, home));
    Process server = start(home, "server", PROGRAM.toString(), "-D", "-e", "-f", home + "/config");
    Process agent = start(home, "agent-log", "ssh-agent", "-D", "-a", home + "/agent");
    SshServer started = new SshServer(home, port, server, agent);
    Wait.until("the ssh server and the agent listen", Duration.ofSeconds(20), started::listens);
    Command.of("env", "SSH_AUTH_SOCK=" + started.agent(), "ssh-add", home + "/user")
        .run()
        .expect(0);
    return started;
  }

  private boolean listens() throws IOException {
    if (!server.isAlive()) {
      throw new IllegalStateException(Files.readString(home.resolve("server")));
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected() && Files.exists(agent());
    } catch (IOException e) {
      return false; // not yet
    }
  }

  private static void key(Path file) throws IOException, InterruptedException {
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString())
        .run()
        .expect(0);
  }

  private static Process start(Path home, String log, String... line) throws IOException {
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(home.resolve(log).toFile())
        .start();
  }

  /** The agent's socket. */
  Path agent() {
    return home.resolve("agent");
  }

  /** The private key that is let in. */
  Path key() {
    return home.resolve("user");
  }

  int port() {
    return port;
  }

  /** A line of known_hosts. */
  String known() throws IOException {
    return "[127.0.0.1]:%d %s".formatted(port, Files.readString(home.resolve("host.pub")));
  }

  /** What the server has said. */
  String log() throws IOException {
    return Files.readString(home.resolve("server"));
  }

  /** The address of a repository on this machine. */
  String address(Path repository) {
    return "ssh://%s@127.0.0.1:%d%s".formatted(System.getProperty("user.name"), port, repository);
  }

  @Override
  public void close() {
    server.descendants().forEach(ProcessHandle::destroy);
    server.destroy();
    agent.destroy();
    server.onExit().join();
    agent.onExit().join();
  }
}
