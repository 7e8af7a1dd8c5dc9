package dev.kemas.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * Binds functions of the C library.
 *
 * <p>Every argument and every result travels as a 64-bit word: both supported ABIs (x86-64 System
 * V, AArch64) pass integers and pointers in the same registers and ignore the upper half for an
 * {@code int} or a {@code mode_t}. So there is one downcall shape per number of arguments, and a
 * program that starts pays for a handful of shapes rather than for every signature. Functions that
 * take floating point or structs by value cannot be bound here.
 */
final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup SYMBOLS = LINKER.defaultLookup();
  private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");

  private Libc() {}

  /** Binds a function that reports failure by -1 and errno, as nearly all do. */
  static Call bind(String name, int arguments) {
    return bind(SYMBOLS, name, arguments);
  }

  /** The same of another library; a result that is no -1 is taken as it is. */
  static Call bind(SymbolLookup library, String name, int arguments) {
    MemoryLayout[] words = new MemoryLayout[arguments];
    Arrays.fill(words, ValueLayout.JAVA_LONG);
    MemorySegment symbol =
        library
            .find(name)
            .orElseThrow(() -> new UnsupportedOperationException("there is no function " + name));
    return new Call(
        LINKER.downcallHandle(
            symbol, FunctionDescriptor.of(ValueLayout.JAVA_LONG, words), CAPTURE_ERRNO));
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
      try {
        return s.result((int) (long) handle.invokeExact(s.errno()));
      } catch (Throwable t) {
        throw unexpected(t);
      }
    }

    int asInt(Scratch s, long a) {
      try {
        return s.result((int) (long) handle.invokeExact(s.errno(), a));
      } catch (Throwable t) {
        throw unexpected(t);
      }
    }

    int asInt(Scratch s, long a, long b) {
      try {
        return s.result((int) (long) handle.invokeExact(s.errno(), a, b));
      } catch (Throwable t) {
        throw unexpected(t);
      }
    }

    int asInt(Scratch s, long a, long b, long c) {
      try {
        return s.result((int) (long) handle.invokeExact(s.errno(), a, b, c));
      } catch (Throwable t) {
        throw unexpected(t);
      }
    }

    int asInt(Scratch s, long a, long b, long c, long d) {
      try {
        return s.result((int) (long) handle.invokeExact(s.errno(), a, b, c, d));
      } catch (Throwable t) {
        throw unexpected(t);
      }
    }

    int asInt(Scratch s, long a, long b, long c, long d, long e) {
      try {
        return s.result((int) (long) handle.invokeExact(s.errno(), a, b, c, d, e));
      } catch (Throwable t) {
        throw unexpected(t);
      }
    }

    int asInt(Scratch s, long a, long b, long c, long d, long e, long f) {
      try {
        return s.result((int) (long) handle.invokeExact(s.errno(), a, b, c, d, e, f));
      } catch (Throwable t) {
        throw unexpected(t);
      }
    }

    long asLong(Scratch s, long a) {
      try {
        return s.result((long) handle.invokeExact(s.errno(), a));
      } catch (Throwable t) {
        throw unexpected(t);
      }
    }

    long asLong(Scratch s, long a, long b) {
      try {
        return s.result((long) handle.invokeExact(s.errno(), a, b));
      } catch (Throwable t) {
        throw unexpected(t);
      }
    }

    long asLong(Scratch s, long a, long b, long c) {
      try {
        return s.result((long) handle.invokeExact(s.errno(), a, b, c));
      } catch (Throwable t) {
        throw unexpected(t);
      }
    }

    long asLong(Scratch s, long a, long b, long c, long d) {
      try {
        return s.result((long) handle.invokeExact(s.errno(), a, b, c, d));
      } catch (Throwable t) {
        throw unexpected(t);
      }
    }

    long asLong(Scratch s, long a, long b, long c, long d, long e) {
      try {
        return s.result((long) handle.invokeExact(s.errno(), a, b, c, d, e));
      } catch (Throwable t) {
        throw unexpected(t);
      }
    }

    long asLong(Scratch s, long a, long b, long c, long d, long e, long f) {
      try {
        return s.result((long) handle.invokeExact(s.errno(), a, b, c, d, e, f));
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
