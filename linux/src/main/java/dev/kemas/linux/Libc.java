package dev.kemas.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Binds functions of the C library.
 *
 * <p>There is one downcall shape for all of them: six 64-bit words in, one out. Both supported ABIs
 * (x86-64 System V, AArch64) pass integers and pointers in the same registers, ignore the upper
 * half for an {@code int} or a {@code mode_t}, and leave registers alone that a function has no
 * parameter for. The linker makes code for a shape when it is first asked for it, which takes
 * milliseconds: a program that starts pays for it once, not for every signature. Functions that
 * take floating point or structs by value cannot be bound here.
 */
final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup SYMBOLS = LINKER.defaultLookup();
  private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");

  private static final int MOST = 6;
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_LONG);

  private Libc() {}

  /**
   * Binds a function that reports failure by -1 and errno, as nearly all do.
   *
   * @param arguments how many it takes; at most {@value #MOST}
   */
  static Call bind(String name, int arguments) {
    return bind(SYMBOLS, name, arguments);
  }

  /** The same of another library; a result that is no -1 is taken as it is. */
  static Call bind(SymbolLookup library, String name, int arguments) {
    if (arguments > MOST) {
      throw new IllegalArgumentException(name + " takes more than " + MOST + " arguments");
    }
    MemorySegment symbol =
        library
            .find(name)
            .orElseThrow(() -> new UnsupportedOperationException("there is no function " + name));
    return new Call(LINKER.downcallHandle(symbol, SHAPE, CAPTURE_ERRNO));
  }

  /**
   * A bound function. The result follows the kernel's own convention: not negative, or the negated
   * error number. A record, because the compiler trusts a record's fields to be constant, which
   * lets a call through a static final one be inlined.
   *
   * <p>{@code asInt} is for functions that return an int, {@code asLong} for ssize_t, off_t and
   * long.
   */
  record Call(MethodHandle handle) {
    int asInt(Scratch s) {
      return s.result((int) word(s, 0, 0, 0, 0, 0, 0));
    }

    int asInt(Scratch s, long a) {
      return s.result((int) word(s, a, 0, 0, 0, 0, 0));
    }

    int asInt(Scratch s, long a, long b) {
      return s.result((int) word(s, a, b, 0, 0, 0, 0));
    }

    int asInt(Scratch s, long a, long b, long c) {
      return s.result((int) word(s, a, b, c, 0, 0, 0));
    }

    int asInt(Scratch s, long a, long b, long c, long d) {
      return s.result((int) word(s, a, b, c, d, 0, 0));
    }

    int asInt(Scratch s, long a, long b, long c, long d, long e) {
      return s.result((int) word(s, a, b, c, d, e, 0));
    }

    int asInt(Scratch s, long a, long b, long c, long d, long e, long f) {
      return s.result((int) word(s, a, b, c, d, e, f));
    }

    /** The plain int of a function that tells failure in its own way, without errno. */
    int status(Scratch s, long a) {
      return (int) word(s, a, 0, 0, 0, 0, 0);
    }

    long asLong(Scratch s, long a) {
      return s.result(word(s, a, 0, 0, 0, 0, 0));
    }

    long asLong(Scratch s, long a, long b) {
      return s.result(word(s, a, b, 0, 0, 0, 0));
    }

    long asLong(Scratch s, long a, long b, long c) {
      return s.result(word(s, a, b, c, 0, 0, 0));
    }

    long asLong(Scratch s, long a, long b, long c, long d) {
      return s.result(word(s, a, b, c, d, 0, 0));
    }

    long asLong(Scratch s, long a, long b, long c, long d, long e) {
      return s.result(word(s, a, b, c, d, e, 0));
    }

    long asLong(Scratch s, long a, long b, long c, long d, long e, long f) {
      return s.result(word(s, a, b, c, d, e, f));
    }

    private long word(Scratch s, long a, long b, long c, long d, long e, long f) {
      try {
        return (long) handle.invokeExact(s.errno(), a, b, c, d, e, f);
      } catch (Throwable t) {
        throw unexpected(t);
      }
    }

    /**
     * invokeExact declares Throwable; a C function raises nothing but what the JVM itself throws.
     */
    private static RuntimeException unexpected(Throwable t) {
      return switch (t) {
        case RuntimeException e -> e;
        case Error e -> throw e;
        default -> new IllegalStateException("a downcall threw", t);
      };
    }
  }
}
