package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** libnftables.so.1, in this process: no fork, well under a millisecond for an element. */
final class NftLibrary implements Nftables {
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
        return Optional.empty(); // not installed; NftProgram takes over
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

  private final Functions nft;
  private long context;

  NftLibrary() {
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

  static boolean available() {
    return FUNCTIONS.isPresent();
  }

  @Override
  public String run(String commands) {
    return run(commands, 0);
  }

  @Override
  public String runJson(String commands) {
    return run(commands, JSON);
  }

  private String run(String commands, int flags) {
    if (context == 0) {
      throw new Fault.Unavailable("the nftables context is closed");
    }
    ONE.lock();
    try (Scratch s = Scratch.take();
        Arena arena = Arena.ofConfined()) {
      nft.flags.asInt(s, context, flags);
      int r = nft.run.asInt(s, context, arena.allocateFrom(commands).address());
      String printed = text(nft.output.asLong(s, context));
      String complaint = text(nft.error.asLong(s, context));
      if (r != 0) {
        throw NftComplaint.of(complaint, NftLibrary::strerror);
      }
      return printed;
    } finally {
      ONE.unlock();
    }
  }

  /** In the language of this process, as the library has it. */
  private static String strerror(Errno errno) {
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
