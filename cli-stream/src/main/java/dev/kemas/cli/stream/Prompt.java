package dev.kemas.cli.stream;

import dev.kemas.cli.command.Console;
import dev.kemas.cli.command.Exit;
import dev.kemas.fault.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Questions to the person at the terminal. */
public final class Prompt {
  private static final int INTERRUPT = 3;
  private static final int BACKSPACE = 8;
  private static final int DELETE = 127;

  private Prompt() {}

  /** Asks and reads a line. */
  public static String line(Console console, String question) {
    ask(console, question);
    return read(console);
  }

  /** Asks and reads a line that the terminal does not show. */
  public static String secret(Console console, String question) {
    ask(console, question);
    try (LocalTerminal _ = LocalTerminal.raw()) {
      return read(console);
    } finally {
      console.line("");
      console.flush();
    }
  }

  private static void ask(Console console, String question) {
    console.print(question);
    console.flush();
  }

  private static String read(Console console) {
    ByteArrayOutputStream typed = new ByteArrayOutputStream();
    try {
      for (int c = console.in().read(); c >= 0 && c != '\n' && c != '\r'; c = console.in().read()) {
        if (c == INTERRUPT) {
          throw new Exit(130, "interrupted");
        }
        if (c == BACKSPACE || c == DELETE) {
          eraseLast(typed);
        } else {
          typed.write(c);
        }
      }
      return typed.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot read the answer: " + e.getMessage(), e);
    }
  }

  private static void eraseLast(ByteArrayOutputStream typed) {
    String text = typed.toString(StandardCharsets.UTF_8);
    typed.reset();
    if (!text.isEmpty()) {
      int end = text.offsetByCodePoints(text.length(), -1);
      typed.writeBytes(text.substring(0, end).getBytes(StandardCharsets.UTF_8));
    }
  }
}
