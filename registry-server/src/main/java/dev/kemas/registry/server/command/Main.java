package dev.kemas.registry.server.command;

import dev.kemas.fault.Fault;
import dev.kemas.registry.server.RegistryServer;
import dev.kemas.registry.server.ServerConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program {@code kemas-registry}, which {@code kemas registry} starts. */
public final class Main {
  private static final int FAILED = 1;
  private static final int BAD_FLAG = 125;
  private static final List<String> LEVELS = List.of("debug", "info", "warn", "error");
  private static final String SEE = "See 'kemas registry serve --help'.";

  private Main() {}

  /** Serves until it is told to stop; ends the process. */
  public static void main(String[] arguments) {
    System.exit(run(Arrays.asList(arguments)));
  }

  private static int run(List<String> words) {
    CommandLine line;
    try {
      line = CommandLine.parse(words.isEmpty() ? words : withoutVerb(words));
      if (line.isOn(Option.HELP)) {
        System.out.print(CommandLine.help());
        return 0;
      }
      if (line.isOn(Option.VERSION)) {
        System.out.println("Kemas version " + Product.VERSION + ", build " + Product.COMMIT);
        return 0;
      }
      setUpLog(line);
    } catch (Fault.InvalidArgument e) {
      System.err.println("kemas: " + e.getMessage() + "\n" + SEE);
      return BAD_FLAG;
    }
    try {
      return serve(line);
    } catch (Fault.InvalidArgument e) {
      System.err.println("kemas: " + e.getMessage() + "\n" + SEE);
      return BAD_FLAG;
    } catch (Fault e) {
      System.err.println("kemas: the registry does not start: " + e.getMessage());
      if (e instanceof Fault.Internal) {
        logger().error("the registry does not start", e);
      }
      return FAILED;
    }
  }

  private static List<String> withoutVerb(List<String> words) {
    if (words.getFirst().equals("serve")) {
      return words.subList(1, words.size());
    }
    if (words.getFirst().startsWith("-")) {
      return words;
    }
    throw new Fault.InvalidArgument("unknown command: kemas registry " + words.getFirst());
  }

  /** Must come before the first logger. */
  private static void setUpLog(CommandLine line) {
    String text = line.text(Option.LOG_LEVEL).orElse("info").toLowerCase(Locale.ROOT);
    if (!LEVELS.contains(text)) {
      throw line.invalid(Option.LOG_LEVEL, "want one of " + String.join(", ", LEVELS));
    }
    String prefix = "org.slf4j.simpleLogger.";
    System.setProperty(prefix + "defaultLogLevel", text);
    System.setProperty(prefix + "log.org.eclipse.jetty", "warn");
    System.setProperty(prefix + "showDateTime", "true");
    System.setProperty(prefix + "dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    System.setProperty(prefix + "showThreadName", "false");
    System.setProperty(prefix + "showShortLogName", "true");
  }

  private static int serve(CommandLine line) {
    ServerConfig config =
        new ServerConfig(
            line.address(Option.LISTEN, "127.0.0.1:5000"),
            "Kemas/" + Product.VERSION,
            new ServerConfig.Store.Folder(
                line.path(Option.ROOT).orElse(Path.of("/var/lib/kemas-registry"))),
            line.size(Option.QUOTA));
    CountDownLatch stopped = new CountDownLatch(1);
    try (RegistryServer server = RegistryServer.start(config)) {
      Runnable end =
          () -> {
            server.stop();
            // a clean stop by SIGTERM is a success; the JVM's own status would be 143
            Runtime.getRuntime().halt(0);
          };
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(end));
      logger().info("registry listens on {}, content in {}", server.address(), server.content());
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private static Logger logger() {
    return LoggerFactory.getLogger(Main.class);
  }
}
