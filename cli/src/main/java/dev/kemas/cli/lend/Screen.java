package dev.kemas.cli.lend;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The terminal that the build was started on. Safe for several threads. */
@FunctionalInterface
public interface Screen {
  /**
   * Takes it over; blocks while there is something to be shown on it before.
   *
   * @param keys gets what is typed; the array is the receiver's
   * @param size gets columns and rows, before this returns and at each change
   */
  Taken take(Consumer<byte[]> keys, BiConsumer<Integer, Integer> size);

  /** It is given back by closing. */
  interface Taken extends AutoCloseable {
    /** Shows bytes as they are. */
    void show(byte[] bytes);

    @Override
    void close();
  }
}
