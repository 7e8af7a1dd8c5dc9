package dev.kemas.cli.manifest;

import dev.kemas.credential.ClientConfig;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;
import dev.kemas.flag.UsageError;
import dev.kemas.oci.Reference;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The program {@code kemas-manifest}, which {@code kemas manifest} starts. */
public final class Main {
  private static final int FAILED = 1;
  private static final int BAD_FLAG = 125;

  private Main() {}

  /** Does one command; ends the process. */
  public static void main(String[] words) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(Arrays.asList(words), System.getenv(), out, err));
  }

  static int run(
      List<String> words, Map<String, String> environment, PrintStream out, PrintStream err) {
    if (words.isEmpty() || List.of("--help", "-h", "help").contains(words.getFirst())) {
      out.print(Verb.allHelp());
      return 0;
    }
    Optional<Verb> verb = Verb.of(words.getFirst());
    if (verb.isEmpty()) {
      err.println("kemas: unknown command: kemas manifest " + words.getFirst());
      err.println("\nRun 'kemas manifest --help' for more information");
      return FAILED;
    }
    try {
      Flags flags = verb.get().flags();
      flags.parse(words.subList(1, words.size()));
      if (flags.helpAsked()) {
        out.print(verb.get().help());
        return 0;
      }
      verb.get().check(flags.arguments());
      run(verb.get(), flags, environment, out);
      return 0;
    } catch (UsageError e) {
      err.println(e.text());
      err.println("\n" + verb.get().usage());
      err.println("\nRun 'kemas manifest " + words.getFirst() + " --help' for more information");
      return BAD_FLAG;
    } catch (Fault e) {
      err.println(e.getMessage());
      return FAILED;
    }
  }

  private static void run(
      Verb verb, Flags flags, Map<String, String> environment, PrintStream out) {
    List<String> names = flags.arguments();
    ClientConfig config = ClientConfig.of(name -> environment.getOrDefault(name, ""));
    ListStore store = new ListStore(config.file().resolveSibling("manifests"));
    boolean insecure = flags.names().contains("--insecure") && flags.isOn("insecure");
    Registries registries =
        new Registries(
            config,
            insecure
                ? names.stream().map(name -> Reference.parse(name).domain()).distinct().toList()
                : List.of(),
            environment);
    Lists lists = new Lists(store, registries, out::println);
    switch (verb) {
      case ANNOTATE ->
          lists.annotate(
              names.getFirst(),
              names.getLast(),
              new Lists.Annotation(
                  flags.text("arch"),
                  flags.text("os"),
                  flags.text("variant"),
                  flags.text("os-version"),
                  flags.all("os-features").stream()
                      .flatMap(f -> Arrays.stream(f.split(",", -1)))
                      .toList()));
      case CREATE ->
          lists.create(names.getFirst(), names.subList(1, names.size()), flags.isOn("amend"));
      case INSPECT -> lists.inspect(names, flags.isOn("verbose"));
      case PUSH -> lists.push(names.getFirst(), flags.isOn("purge"));
      case RM -> lists.remove(names);
    }
  }
}
