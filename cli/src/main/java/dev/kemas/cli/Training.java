package dev.kemas.cli;

import dev.kemas.cli.command.Console;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The run that the start-up cache is made of: the common commands, once each, against answers kept
 * here. It is started when a distribution is packaged (cli/src/main/dist/make-aot) and never else.
 */
final class Training {
  /** The command line that asks for it. */
  static final String WORD = "--training-run";

  private static final String CONTAINER =
      """
      {"Id":"0123456789ab0123456789ab0123456789ab0123456789ab0123456789abcdef","Names":["/web"],\
      "Image":"busybox","ImageID":"sha256:ab","Command":"sleep 1","Created":1700000000,\
      "Ports":[{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8080,"Type":"tcp"}],\
      "Labels":{"a":"b"},"State":"running","Status":"Up 2 hours","Mounts":[],\
      "Config":{"Tty":false},"NetworkSettings":{"Networks":{"bridge":{}}}}\
      """;

  private static final String IMAGE =
      """
      {"Id":"sha256:0123456789ab0123456789ab","RepoTags":["busybox:latest"],"RepoDigests":[],\
      "Created":1700000000,"Size":4261234,"Labels":null,"Containers":-1,"SharedSize":-1}\
      """;

  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("ps", "-a"),
          List.of("images"),
          List.of(
              "run", "--rm", "--name", "x", "-e", "A=1", "-v", "a:/b", "-p", "1:2", "i", "true"),
          List.of("run", "-d", "i"),
          List.of("exec", "x", "true"),
          List.of("logs", "x"),
          List.of("inspect", "x"),
          List.of("stop", "x"),
          List.of("rm", "x"),
          List.of("version"));

  private Training() {}

  /** Runs the commands; gives the status of the worst. */
  static int run() {
    try {
      return runAll();
    } catch (IOException e) {
      throw new Fault.Internal("the training run failed: " + e, e);
    }
  }

  private static int runAll() throws IOException {
    Path folder = Files.createTempDirectory("kemas-training");
    Path socket = folder.resolve("s");
    int status = 0;
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      Thread.ofPlatform().daemon().start(() -> accept(listener));
      Map<String, String> environment = new HashMap<>(System.getenv());
      environment.put("KEMAS_HOST", "unix://" + socket);
      for (List<String> command : COMMANDS) {
        status |= new Program(Console.ofProcess(), environment).run(new ArrayList<>(command));
      }
    } finally {
      Files.delete(socket);
      Files.delete(folder);
    }
    return status;
  }

  private static void accept(ServerSocketChannel listener) {
    try {
      while (true) {
        SocketChannel connection = listener.accept();
        Thread.ofPlatform().daemon().start(() -> serve(connection));
      }
    } catch (IOException closed) {
      Thread.currentThread().setName("training, ended");
    }
  }

  private static void serve(SocketChannel connection) {
    try (connection) {
      ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
      while (connection.read(buffer.clear()) > 0) {
        String request = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        String path = request.split(" ", 3)[1];
        connection.write(StandardCharsets.UTF_8.encode(answer(path)));
        if (path.contains("/attach") || (path.contains("/exec/") && path.endsWith("/start"))) {
          return;
        }
      }
    } catch (IOException closed) {
      Thread.currentThread().setName("training, ended");
    }
  }

  private static String answer(String path) {
    if (path.contains("/attach") || (path.contains("/exec/") && path.endsWith("/start"))) {
      String head = lines("HTTP/1.1 101 UPGRADED", "Connection: Upgrade", "Upgrade: tcp", "");
      return head + "\u0001\0\0\0\0\0\0\u0003hi\n";
    }
    String body = body(path);
    String head =
        lines(
            path.startsWith("/v1.51/version") ? "HTTP/1.1 400 Too new" : "HTTP/1.1 200 OK",
            path.contains("/version") ? "Api-Version: 1.50" : "Api-Version: 1.51",
            "Content-Type: application/json",
            "Transfer-Encoding: chunked",
            "");
    return head + lines(Integer.toHexString(body.length()), body, "0", "");
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }

  private static String body(String path) {
    if (path.contains("/containers/json")) {
      return "[" + CONTAINER + "]";
    }
    if (path.contains("/images/json")) {
      return "[" + IMAGE + "]";
    }
    if (path.contains("/wait")) {
      return "{\"StatusCode\":0}";
    }
    if (path.contains("/logs")) {
      return "\u0001\0\0\0\0\0\0\u0003hi\n";
    }
    return path.contains("/exec/") ? "{\"ExitCode\":0}" : CONTAINER;
  }
}
