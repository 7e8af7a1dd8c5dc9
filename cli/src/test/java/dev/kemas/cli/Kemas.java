package dev.kemas.cli;

import dev.kemas.cli.command.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The program in this virtual machine, with streams in memory. */
public final class Kemas {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment;
  private final String input;

  public Kemas(String host, String input) {
    this(Map.of("KEMAS_HOST", host), input);
  }

  public Kemas(Map<String, String> environment, String input) {
    this.environment = environment;
    this.input = input;
  }

  public int run(String... words) {
    byte[] in = input.getBytes(StandardCharsets.UTF_8);
    Console console = new Console(new ByteArrayInputStream(in), out, err);
    return new Program(console, environment).run(List.of(words));
  }

  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
