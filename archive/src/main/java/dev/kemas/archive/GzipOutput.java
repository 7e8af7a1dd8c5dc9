package dev.kemas.archive;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Writes one gzip member (RFC 1952), its blocks compressed side by side: each ends on a whole byte,
 * so that they can be put one after the other. The result depends on the bytes and on which library
 * the host has, not on the number of threads.
 */
final class GzipOutput extends OutputStream {
  /** Blocks know nothing of each other: smaller ones would pack worse. */
  private static final int BLOCK = 1024 * 1024;

  /** An empty last block. */
  private static final byte[] LAST = {3, 0};

  private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);

  /** No time and no name in it; "unknown" as the system. */
  private static final byte[] HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF};

  private final OutputStream out;
  private final CRC32 crc = new CRC32();
  private final Deque<Future<byte[]>> running = new ArrayDeque<>();
  private @Nullable ExecutorService threads;
  private final RawDeflate deflate;
  private byte[] block = new byte[BLOCK];
  private int used;
  private long total;
  private boolean closed;

  GzipOutput(OutputStream out, RawDeflate deflate) throws IOException {
    this.out = out;
    this.deflate = deflate;
    out.write(HEADER);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    crc.update(bytes, from, length);
    total += length;
    int at = from;
    int left = length;
    while (left > 0) {
      if (used == BLOCK) {
        dispatch();
      }
      int n = Math.min(left, BLOCK - used);
      System.arraycopy(bytes, at, block, used, n);
      used += n;
      at += n;
      left -= n;
    }
  }

  private void dispatch() throws IOException {
    ExecutorService pool = threads;
    if (pool == null) {
      pool =
          Executors.newFixedThreadPool(
              THREADS, Thread.ofPlatform().name("kemas-gzip-", 0).daemon(true).factory());
      threads = pool;
    }
    byte[] content = block;
    running.add(pool.submit(() -> deflate.pack(content, BLOCK)));
    block = new byte[BLOCK];
    used = 0;
    while (running.size() > 2 * THREADS) {
      drain();
    }
  }

  private void drain() throws IOException {
    try {
      out.write(running.remove().get());
    } catch (ExecutionException e) {
      throw new IOException("compressing failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Fault fault = new Fault.Cancelled("compressing was interrupted");
      throw new IOException(fault.getMessage(), fault);
    }
  }

  /** Ends the compressed form; the target stays open. */
  private void finish() throws IOException {
    while (!running.isEmpty()) {
      drain();
    }
    if (used > 0) {
      out.write(deflate.pack(block, used));
    }
    out.write(LAST);
    long sum = crc.getValue();
    byte[] trailer = new byte[8];
    for (int i = 0; i < 4; i++) {
      trailer[i] = (byte) (sum >>> (8 * i));
      trailer[4 + i] = (byte) (total >>> (8 * i));
    }
    out.write(trailer);
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (out) {
      finish();
    } finally {
      ExecutorService pool = threads;
      if (pool != null) {
        pool.shutdownNow();
      }
    }
  }
}
