package dev.kemas.daemon;

import dev.kemas.daemon.config.CommandLine;
import dev.kemas.daemon.config.DaemonConfig;
import dev.kemas.daemon.config.Option;
import dev.kemas.daemon.system.Product;
import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The command {@code kemasd}. */
public final class Main {
  private static final int FAILED = 1;
  private static final int START_SECONDS = 30;
  private static final int BAD_FLAG = 125;

  private Main() {}

  /** Runs the daemon until it is told to stop; ends the process. */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    Map<Option, List<String>> flags;
    try {
      flags = CommandLine.parse(arguments);
    } catch (Fault.InvalidArgument e) {
      System.err.println(e.getMessage() + "\nSee 'kemasd --help'.");
      return BAD_FLAG;
    }
    if (flags.containsKey(Option.HELP)) {
      System.out.println(CommandLine.help());
      return 0;
    }
    if (flags.containsKey(Option.VERSION)) {
      System.out.println("Kemas version " + Product.VERSION + ", build " + Product.COMMIT);
      return 0;
    }
    try {
      DaemonConfig config = DaemonConfig.of(flags);
      if (flags.containsKey(Option.VALIDATE)) {
        Services.signatures(config);
        System.out.println("configuration OK");
        return 0;
      }
      LogSetup.level(config.logLevel());
      if (flags.containsKey(Option.CHECK)) {
        return Check.of(config).print(System.out) ? 0 : FAILED;
      }
      return serve(flags, config);
    } catch (Fault e) {
      System.err.println("failed to start daemon: " + e.getMessage());
      if (e instanceof Fault.Internal) {
        logger().error("failed to start daemon", e);
      }
      return FAILED;
    }
  }

  private static int serve(Map<Option, List<String>> flags, DaemonConfig config) {
    CompletableFuture<Daemon> started = new CompletableFuture<>();
    // before the start: who is told to stop while it starts takes apart what it has made
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> end(started)));
    try (Daemon daemon = Daemon.start(flags, config)) {
      started.complete(daemon);
      daemon.awaitStop();
    } catch (RuntimeException e) {
      started.completeExceptionally(e);
      throw e;
    }
    return 0;
  }

  private static void end(CompletableFuture<Daemon> started) {
    try {
      started.orTimeout(START_SECONDS, TimeUnit.SECONDS).join().stop();
      // a clean stop by SIGTERM is a success; the JVM's own status would be 143
      Runtime.getRuntime().halt(0);
    } catch (CompletionException e) {
      logger().debug("stopped before the start was done: {}", e.getMessage());
    }
  }

  private static Logger logger() {
    return LoggerFactory.getLogger(Main.class);
  }
}
