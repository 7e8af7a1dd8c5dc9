package dev.kemas.registry.server.command;

import dev.kemas.fault.Fault;
import dev.kemas.flag.UsageError;
import dev.kemas.linux.HostCrypto;
import dev.kemas.registry.server.RegistryServer;
import dev.kemas.registry.server.ServerConfig;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program {@code kemas-registry}, which {@code kemas registry} starts. */
public final class Main {
  private static final int FAILED = 1;
  private static final int BAD_FLAG = 125;
  private static final String SEE =
      "\n\nUsage:  kemas registry serve [OPTIONS]\n\n"
          + "Run 'kemas registry serve --help' for more information";

  private Main() {}

  /** Serves until it is told to stop; ends the process. */
  public static void main(String[] arguments) {
    System.exit(run(Arrays.asList(arguments)));
  }

  private static int run(List<String> words) {
    ServerConfig config;
    try {
      ServeFlags flags = new ServeFlags(withoutVerb(words));
      if (words.isEmpty() || flags.asksForHelp()) {
        System.out.print(ServeFlags.help());
        return 0;
      }
      if (flags.asksForVersion()) {
        System.out.println("Kemas version " + Product.VERSION + ", build " + Product.COMMIT);
        return 0;
      }
      setUpLog(flags.logLevel());
      config = flags.config("Kemas/" + Product.VERSION, System.getenv());
    } catch (UsageError e) {
      System.err.println(e.text() + SEE);
      return BAD_FLAG;
    } catch (Fault.InvalidArgument e) {
      System.err.println("kemas: " + e.getMessage() + SEE);
      return BAD_FLAG;
    }
    try {
      return serve(config);
    } catch (Fault e) {
      System.err.println("kemas: the registry does not start: " + e.getMessage());
      if (e instanceof Fault.Internal) {
        logger().error("the registry does not start", e);
      }
      return FAILED;
    }
  }

  private static List<String> withoutVerb(List<String> words) {
    if (words.isEmpty() || words.getFirst().startsWith("-")) {
      return words;
    }
    if (words.getFirst().equals("serve")) {
      return words.subList(1, words.size());
    }
    throw new UsageError("kemas: unknown command: kemas registry " + words.getFirst());
  }

  /** Must come before the first logger. */
  private static void setUpLog(String level) {
    String prefix = "org.slf4j.simpleLogger.";
    System.setProperty(prefix + "defaultLogLevel", level);
    System.setProperty(prefix + "log.org.eclipse.jetty", "warn");
    System.setProperty(prefix + "showDateTime", "true");
    System.setProperty(prefix + "dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    System.setProperty(prefix + "showThreadName", "false");
    System.setProperty(prefix + "showShortLogName", "true");
  }

  private static int serve(ServerConfig config) {
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
      warn(config);
      // from the first blob on; Java's own hash is fast only when it was compiled
      HostCrypto.install();
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private static void warn(ServerConfig config) {
    if (config.listen().getAddress().isLoopbackAddress()) {
      return;
    }
    if (config.access().passwords().isEmpty() && !config.readOnly()) {
      logger().warn("everybody who reaches {} may push: see --htpasswd", config.listen());
    }
    if (config.tls().isEmpty()) {
      logger().warn("{} is not encrypted: see --tls-cert and --tls-key", config.listen());
    }
  }

  private static Logger logger() {
    return LoggerFactory.getLogger(Main.class);
  }
}
