package dev.kemas.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets a thread wait for a descriptor without holding a carrier thread: one epoll instance and one
 * platform thread for all who wait to read, another pair for all who wait to write, each made when
 * first needed. One waiter per descriptor and direction.
 */
final class Poller {
  private static final Libc.Call EPOLL_CREATE = Libc.bind("epoll_create1", 1);
  private static final Libc.Call EPOLL_CTL = Libc.bind("epoll_ctl", 4);
  private static final Libc.Call EPOLL_WAIT = Libc.bind("epoll_wait", 4);
  private static final Libc.Call POLL = Libc.bind("poll", 3);
  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_MOD = 3;
  private static final int EPOLLIN = 0x001;
  private static final int EPOLLOUT = 0x004;
  private static final int EPOLLRDHUP = 0x2000;
  private static final int EPOLLONESHOT = 1 << 30;
  private static final int EVENTS = 64;

  // struct epoll_event is packed on x86-64 only (epoll_ctl(2), sys/epoll.h)
  private static final boolean PACKED = "amd64".equals(System.getProperty("os.arch"));
  private static final int DATA = PACKED ? 4 : 8;
  private static final int EVENT_SIZE = PACKED ? 12 : 16;

  static final Poller READ = new Poller("read", EPOLLIN | EPOLLRDHUP);
  static final Poller WRITE = new Poller("write", EPOLLOUT);

  private final String name;
  private final int events;
  private final ConcurrentMap<Integer, Waiter> waiters = new ConcurrentHashMap<>();
  private int epoll = -1;

  private Poller(String name, int events) {
    this.name = name;
    this.events = events;
  }

  /** Waits until the descriptor is ready, at its end, or closed. May return early. */
  void await(Descriptor descriptor) {
    await(descriptor, Long.MAX_VALUE);
  }

  /**
   * The same with a limit, which a long time makes endless.
   *
   * @return false when the time ran out first
   */
  boolean await(Descriptor descriptor, Duration limit) {
    return await(
        descriptor, limit.compareTo(Duration.ofDays(365)) > 0 ? Long.MAX_VALUE : limit.toNanos());
  }

  private boolean await(Descriptor descriptor, long nanos) {
    int fd = descriptor.enter();
    Waiter waiter = new Waiter(Thread.currentThread());
    try {
      Waiter other = waiters.putIfAbsent(fd, waiter);
      if (other != null) {
        throw new IllegalStateException(
            "two threads wait to " + name + " " + descriptor + "; it has one owner at a time");
      }
      arm(descriptor, fd);
      // closed between enter and here: wake() may have looked before the waiter was there
      if (descriptor.isClosed()) {
        return true;
      }
      return waiter.park(nanos);
    } finally {
      waiters.remove(fd, waiter);
      descriptor.leave();
    }
  }

  /** Wakes whoever waits for a descriptor, since it is being closed. */
  static void wake(Descriptor descriptor) {
    READ.ready(descriptor.number());
    WRITE.ready(descriptor.number());
  }

  /** Whether a read would not wait: there is something, or the end; asks, and does not wait. */
  static boolean isReadable(Descriptor descriptor) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      MemorySegment one = s.zeroed(8);
      one.set(ValueLayout.JAVA_INT, 0, fd);
      one.set(ValueLayout.JAVA_SHORT, 4, (short) EPOLLIN);
      int r = POLL.asInt(s, one.address(), 1, 0);
      if (r < 0 && r != -Errno.EINTR.number()) {
        throw Failure.of(r, "poll", descriptor);
      }
      return r > 0;
    } finally {
      descriptor.leave();
    }
  }

  private void ready(int fd) {
    Waiter waiter = waiters.get(fd);
    if (waiter != null) {
      waiter.wake();
    }
  }

  private void arm(Descriptor descriptor, int fd) {
    int instance = instance();
    try (Scratch s = Scratch.take()) {
      MemorySegment event = s.zeroed(EVENT_SIZE);
      event.set(ValueLayout.JAVA_INT, 0, events | EPOLLONESHOT);
      event.set(ValueLayout.JAVA_INT_UNALIGNED, DATA, fd);
      int r = EPOLL_CTL.asInt(s, instance, EPOLL_CTL_MOD, fd, event.address());
      if (r == -Errno.ENOENT.number()) {
        r = EPOLL_CTL.asInt(s, instance, EPOLL_CTL_ADD, fd, event.address());
      }
      if (r < 0) {
        throw Failure.of(r, "epoll_ctl", descriptor);
      }
    }
  }

  private synchronized int instance() {
    if (epoll < 0) {
      try (Scratch s = Scratch.take()) {
        int fd = EPOLL_CREATE.asInt(s, EPOLL_CLOEXEC);
        if (fd < 0) {
          throw Failure.of(fd, "epoll_create1");
        }
        epoll = fd;
        Thread.ofPlatform().name("kemas-poll-" + name).daemon(true).start(() -> loop(fd));
      }
    }
    return epoll;
  }

  private void loop(int instance) {
    MemorySegment ready = Arena.global().allocate((long) EVENTS * EVENT_SIZE, 16);
    while (true) {
      int n;
      try (Scratch s = Scratch.take()) {
        n = EPOLL_WAIT.asInt(s, instance, ready.address(), EVENTS, -1);
      }
      for (int i = 0; i < n; i++) {
        ready(ready.get(ValueLayout.JAVA_INT_UNALIGNED, (long) i * EVENT_SIZE + DATA));
      }
      if (n < 0 && n != -Errno.EINTR.number()) {
        throw Failure.of(n, "epoll_wait", name);
      }
    }
  }

  private static final class Waiter {
    private final Thread thread;
    private volatile boolean woken;

    Waiter(Thread thread) {
      this.thread = thread;
    }

    void wake() {
      woken = true;
      LockSupport.unpark(thread);
    }

    /**
     * An interrupt does not end the wait: it is kept, and whoever owns the descriptor closes it.
     */
    boolean park(long nanos) {
      boolean interrupted = false;
      long deadline = System.nanoTime() + nanos;
      try {
        while (!woken) {
          if (nanos == Long.MAX_VALUE) {
            LockSupport.park(this);
          } else {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
              return false;
            }
            LockSupport.parkNanos(this, left);
          }
          interrupted |= Thread.interrupted();
        }
        return true;
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
