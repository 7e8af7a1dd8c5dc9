package dev.kemas.registry.store;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Records with those read lately kept in memory. Right only where nobody else writes them. A read
 * that overlaps a change of the same key is not kept, so that what is kept is never older than the
 * store.
 */
final class KeptRecords implements Records {
  /** What a kept value costs beside its bytes, about. */
  private static final int OVERHEAD = 200;

  private final Records store;
  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<String, Value> kept = new LinkedHashMap<>(256, 0.75f, true);
  private long bytes;
  private long changes;

  KeptRecords(Records store, long mostBytes) {
    this.store = store;
    this.mostBytes = mostBytes;
  }

  @Override
  public Optional<Value> read(String key) {
    long before;
    lock.lock();
    try {
      Value value = kept.get(key);
      if (value != null) {
        return Optional.of(value);
      }
      before = changes;
    } finally {
      lock.unlock();
    }
    Optional<Value> read = store.read(key);
    read.ifPresent(value -> keep(key, value, before));
    return read;
  }

  private void keep(String key, Value value, long before) {
    lock.lock();
    try {
      if (changes != before || cost(key, value) > mostBytes / 4) {
        return;
      }
      forget(key);
      kept.put(key, value);
      bytes += cost(key, value);
      Iterator<Map.Entry<String, Value>> eldest = kept.entrySet().iterator();
      while (bytes > mostBytes && eldest.hasNext()) {
        Map.Entry<String, Value> entry = eldest.next();
        bytes -= cost(entry.getKey(), entry.getValue());
        eldest.remove();
      }
    } finally {
      lock.unlock();
    }
  }

  private static long cost(String key, Value value) {
    return OVERHEAD + key.length() + (long) value.bytes().length;
  }

  private void forget(String key) {
    Value old = kept.remove(key);
    if (old != null) {
      bytes -= cost(key, old);
    }
  }

  private void changed(String key) {
    lock.lock();
    try {
      changes++;
      forget(key);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(String key, byte[] value) {
    try {
      store.write(key, value);
    } finally {
      changed(key);
    }
  }

  @Override
  public boolean delete(String key) {
    try {
      return store.delete(key);
    } finally {
      changed(key);
    }
  }

  @Override
  public List<Entry> list(String below, String after, int most) {
    return store.list(below, after, most);
  }
}
