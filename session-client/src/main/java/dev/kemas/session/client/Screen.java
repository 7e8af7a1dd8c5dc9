package dev.kemas.session.client;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A person's terminal that is lent to a shell of the daemon's. Safe for several threads. */
@FunctionalInterface
public interface Screen {
  /**
   * Takes it over; blocks while it is taken.
   *
   * @param keys gets what is typed; the array is the receiver's
   * @param size gets columns and rows, before this returns and at each change
   */
  Taken take(Consumer<byte[]> keys, BiConsumer<Integer, Integer> size);

  /** It is given back by closing. */
  interface Taken extends AutoCloseable {
    /** Shows what the shell writes. */
    void show(byte[] bytes);

    @Override
    void close();
  }
}
