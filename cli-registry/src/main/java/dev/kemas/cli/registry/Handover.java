package dev.kemas.cli.registry;

import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kemas registry serve}, {@code kemas manifest push} and the like: hands over to a program
 * beside this one. The start script does so by itself where their group is the first word.
 */
public final class Handover extends Command {
  private final String name;
  private final String verb;

  /**
   * @param name of the program
   * @param verb the word that it gets before all others
   */
  public Handover(String name, String verb) {
    this.name = name;
    this.verb = verb;
  }

  @Override
  public String usage() {
    return "[OPTIONS]";
  }

  @Override
  public boolean passesWordsOn() {
    return true;
  }

  @Override
  public int run(Session session, Flags flags) {
    Path program =
        Path.of(System.getProperty("kemas.home", ""), "bin", name).toAbsolutePath().normalize();
    if (!Files.isExecutable(program)) {
      throw new Exit(1, "there is no " + program + ": build the distribution with make dist");
    }
    List<String> line = new ArrayList<>(List.of(program.toString(), verb));
    line.addAll(flags.arguments());
    session.console().flush();
    try {
      ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
      // set by the start script for a program that lives for milliseconds
      builder.environment().remove("GLIBC_TUNABLES");
      Process other = builder.start();
      // who ends this command means the other program
      Runtime.getRuntime().addShutdownHook(new Thread(other::destroy));
      return other.waitFor();
    } catch (IOException e) {
      throw new Exit(1, "cannot start " + program + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }
}
