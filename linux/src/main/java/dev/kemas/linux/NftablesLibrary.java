package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A context of libnftables.so.1 (libnftables(3)), in this process: no fork, well under a
 * millisecond for an element. It belongs to the thread that made it, in whose network namespace it
 * works.
 */
public final class NftablesLibrary implements AutoCloseable {
  private static final Libc.Call STRERROR = Libc.bind("strerror", 1);

  /** Contexts share caches inside the library, which nothing there guards. */
  private static final ReentrantLock ONE = new ReentrantLock();

  private static final int JSON = 1 << 4;
  private static final Optional<Functions> FUNCTIONS = Functions.load();

  private record Functions(
      Libc.Call make,
      Libc.Call free,
      Libc.Call run,
      Libc.Call bufferOutput,
      Libc.Call bufferError,
      Libc.Call output,
      Libc.Call error,
      Libc.Call flags) {
    static Optional<Functions> load() {
      SymbolLookup library;
      try {
        library = SymbolLookup.libraryLookup("libnftables.so.1", Arena.global());
      } catch (IllegalArgumentException e) {
        return Optional.empty(); // not installed, which available() tells
      }
      return Optional.of(
          new Functions(
              Libc.bind(library, "nft_ctx_new", 1),
              Libc.bind(library, "nft_ctx_free", 1),
              Libc.bind(library, "nft_run_cmd_from_buffer", 2),
              Libc.bind(library, "nft_ctx_buffer_output", 1),
              Libc.bind(library, "nft_ctx_buffer_error", 1),
              Libc.bind(library, "nft_ctx_get_output_buffer", 1),
              Libc.bind(library, "nft_ctx_get_error_buffer", 1),
              Libc.bind(library, "nft_ctx_output_set_flags", 2)));
    }
  }

  /**
   * How a transaction ended.
   *
   * @param done whether it took place; otherwise nothing of it did
   * @param output what the commands print
   * @param complaint why it did not, in the library's words and the language of this process
   */
  public record Result(boolean done, String output, String complaint) {}

  private final Functions nft;
  private long context;

  /**
   * Makes a context.
   *
   * @throws Fault.Unsupported when the library is not installed
   */
  public NftablesLibrary() {
    nft = FUNCTIONS.orElseThrow(() -> new Fault.Unsupported("libnftables.so.1 is not installed"));
    ONE.lock();
    try (Scratch s = Scratch.take()) {
      context = nft.make.asLong(s, 0);
      if (context == 0) {
        throw new Fault.ResourceExhausted("nft_ctx_new: no context");
      }
      nft.bufferOutput.asInt(s, context);
      nft.bufferError.asInt(s, context);
    } finally {
      ONE.unlock();
    }
  }

  /** Whether the library is installed. */
  public static boolean available() {
    return FUNCTIONS.isPresent();
  }

  /**
   * Runs commands (nft(8)) as one transaction.
   *
   * @param json whether the output is JSON (libnftables-json(5))
   * @throws Fault.Unavailable when the context is closed
   */
  public Result run(String commands, boolean json) {
    if (context == 0) {
      throw new Fault.Unavailable("the nftables context is closed");
    }
    ONE.lock();
    try (Scratch s = Scratch.take();
        Arena arena = Arena.ofConfined()) {
      nft.flags.asInt(s, context, json ? JSON : 0);
      int r = nft.run.asInt(s, context, arena.allocateFrom(commands).address());
      String printed = text(nft.output.asLong(s, context));
      String complaint = text(nft.error.asLong(s, context));
      return new Result(r == 0, printed, complaint);
    } finally {
      ONE.unlock();
    }
  }

  /** An error number as a complaint has it: in the language of this process. */
  public static String strerror(Errno errno) {
    try (Scratch s = Scratch.take()) {
      return text(STRERROR.asLong(s, errno.number()));
    }
  }

  private static String text(long address) {
    return address == 0
        ? ""
        : MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
  }

  @Override
  public void close() {
    if (context != 0) {
      ONE.lock();
      try (Scratch s = Scratch.take()) {
        nft.free.asInt(s, context);
      } finally {
        ONE.unlock();
      }
      context = 0;
    }
  }
}
