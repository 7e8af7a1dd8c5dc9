package dev.kemas.dockerfile;

import dev.kemas.dockerfile.Instruction.From;
import java.util.List;

/**
 * A FROM and the instructions up to the next.
 *
 * @param index its place in the file, from 0
 */
public record Stage(int index, From from, List<Instruction> instructions) {

  /** How COPY --from and --target may call it besides its number; the number when unnamed. */
  public String label() {
    return from.name().orElse(Integer.toString(index));
  }
}
