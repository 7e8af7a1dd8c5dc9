package dev.kemas.file.transfer;

import dev.kemas.buildkit.wire.Files.Packet;
import dev.kemas.buildkit.wire.Files.Packet.PacketType;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.Call;
import dev.kemas.linux.OpenFile;
import dev.kemas.synced.folder.Entry;
import dev.kemas.synced.folder.EntryKind;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The sending end of a tree. The calling thread lists, then sends; another one hears what the other
 * end asks for, so that neither waits for the other while both have something to say.
 */
public final class FileSender {
  private static final int CHUNK = 128 << 10;

  private final Call call;
  private final FileSource source;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Long, Entry> offered = new HashMap<>();
  private final Deque<Long> asked = new ArrayDeque<>();
  private final Map<Long, Entry> wanted = new HashMap<>();
  private final byte[] chunk = new byte[CHUNK];
  private long listed;
  private boolean finished;
  private @Nullable Fault failure;

  private FileSender(Call call, FileSource source) {
    this.call = call;
    this.source = source;
  }

  /**
   * Sends a tree as far as the other end wants it; on return the other end has said that it has
   * all.
   *
   * @throws Fault what the source throws, after the other end has been told
   * @throws Fault.Conflict in the other end's words, when it cannot receive
   * @throws Fault.Unavailable when the other end breaks off
   */
  public static void send(Call call, FileSource source) {
    FileSender sender = new FileSender(call, source);
    Thread hearing = Thread.ofVirtual().name("file-sender").start(sender::hear);
    try {
      sender.run();
    } catch (Fault e) {
      sender.fail(e);
    } finally {
      // it ends with the call, which the caller ends after a failure
      if (sender.isFinished()) {
        join(hearing);
      }
    }
    sender.end();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("sending files was interrupted");
    }
  }

  private void run() {
    source.walk(entry -> {
      if (entry.kind() == EntryKind.FILE) {
        offer(listed, entry);
      }
      listed++;
      call.send(Packets.stat(entry));
      // what is small and known to be wanted need not wait for the end of the walk
      if ((listed & 63) == 0) {
        sendAsked(false);
      }
    });
    call.send(Packets.of(PacketType.PACKET_STAT, 0));
    sendAsked(true);
    call.send(Packets.of(PacketType.PACKET_FIN, 0));
  }

  private void offer(long id, Entry entry) {
    lock.lock();
    try {
      offered.put(id, entry);
    } finally {
      lock.unlock();
    }
  }

  /**
   * @param all whether to go on until the other end has all
   */
  private void sendAsked(boolean all) {
    for (Optional<Long> id = nextAsked(all); id.isPresent(); id = nextAsked(all)) {
      Entry entry;
      lock.lock();
      try {
        entry = wanted.remove(id.get());
      } finally {
        lock.unlock();
      }
      if (entry != null) {
        send(id.get(), entry);
      }
    }
  }

  private Optional<Long> nextAsked(boolean wait) {
    lock.lock();
    try {
      while (wait && asked.isEmpty() && !finished && failure == null) {
        changed.await();
      }
      if (failure != null) {
        throw failure;
      }
      return Optional.ofNullable(asked.poll());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("sending files was interrupted");
    } finally {
      lock.unlock();
    }
  }

  private void send(long id, Entry entry) {
    try (OpenFile file = source.open(entry)) {
      ByteBuffer buffer = ByteBuffer.wrap(chunk);
      boolean more = true;
      while (more) {
        buffer.clear();
        while (more && buffer.hasRemaining()) {
          more = file.read(buffer) >= 0;
        }
        if (buffer.position() > 0) {
          call.send(Packets.data(id, chunk, buffer.position()));
        }
      }
    }
    call.send(Packets.data(id, chunk, 0));
  }

  /** The other thread. */
  private void hear() {
    try {
      while (true) {
        Optional<Packet> next = call.receive(Packet.parser());
        if (next.isEmpty()) {
          throw new Fault.Unavailable(
              "the other end left before it had all files that it asked for");
        }
        Packet packet = next.get();
        switch (packet.getType()) {
          case PACKET_REQ -> ask(Integer.toUnsignedLong(packet.getId()));
          case PACKET_FIN -> {
            set(null);
            return;
          }
          case PACKET_ERR ->
              throw new Fault.Conflict(
                  "the other end cannot take the files: " + packet.getData().toStringUtf8());
          case PACKET_STAT, PACKET_DATA, UNRECOGNIZED ->
              throw new Fault.DataLoss(
                  "the other end sends a packet of type "
                      + packet.getTypeValue()
                      + " where it is to receive files");
        }
      }
    } catch (Fault e) {
      set(e);
    }
  }

  private void ask(long id) {
    lock.lock();
    try {
      Entry entry = offered.remove(id);
      if (entry == null) {
        throw new Fault.DataLoss(
            "the other end asks for the file " + id + ", which it has had or was never offered");
      }
      wanted.put(id, entry);
      asked.add(id);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void set(@Nullable Fault heard) {
    lock.lock();
    try {
      finished = heard == null;
      failure = heard;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isFinished() {
    lock.lock();
    try {
      return finished;
    } finally {
      lock.unlock();
    }
  }

  /** What was heard is the reason of whatever failed here because of it. */
  private void fail(Fault own) {
    lock.lock();
    try {
      if (failure != null) {
        throw failure;
      }
    } finally {
      lock.unlock();
    }
    if (!(own instanceof Fault.Unavailable) && !(own instanceof Fault.Cancelled)) {
      try {
        call.send(Packets.error(own.getMessage()));
      } catch (Fault e) {
        own.addSuppressed(e);
      }
    }
    throw own;
  }

  private void end() {
    if (!isFinished()) {
      throw new IllegalStateException("the other end has not said that it has all");
    }
  }
}
