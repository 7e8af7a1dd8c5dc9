package dev.kemas.session;

import dev.kemas.fault.Fault;
import dev.kemas.grpc.Peer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The clients that are connected now, by the ids that their builds name. Safe for several threads.
 */
public final class Sessions {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Map<String, Session> byId = new HashMap<>();

  /** Nobody yet. */
  public Sessions() {}

  /**
   * A client has come; it is forgotten when its connection ends.
   *
   * @throws Fault.Conflict when another one of the same id is here
   */
  public Session add(Hello hello, Peer peer) {
    Session session = new Session(hello, peer);
    lock.lock();
    try {
      if (byId.containsKey(hello.id())) {
        throw new Fault.Conflict("session " + hello.id() + " already exists");
      }
      byId.put(hello.id(), session);
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    session.whenGone(() -> remove(session));
    return session;
  }

  private void remove(Session session) {
    lock.lock();
    try {
      byId.remove(session.id(), session);
    } finally {
      lock.unlock();
    }
  }

  /** The client of this id, if it is here. */
  public Optional<Session> find(String id) {
    lock.lock();
    try {
      return Optional.ofNullable(byId.get(id));
    } finally {
      lock.unlock();
    }
  }

  /**
   * The client of this id, waited for: it opens its session and asks for a build at the same time,
   * on two connections.
   *
   * @throws Fault.NotFound when it has not come in this time
   * @throws Fault.Cancelled when the thread is interrupted
   */
  public Session await(String id, Duration limit) {
    lock.lock();
    try {
      long left = limit.toNanos();
      Session session = byId.get(id);
      while (session == null) {
        if (left <= 0) {
          throw new Fault.NotFound(
              "session",
              id,
              "no active session for "
                  + id
                  + ": the client has not connected within "
                  + limit.toMillis()
                  + " ms, or has gone");
        }
        left = arrived.awaitNanos(left);
        session = byId.get(id);
      }
      return session;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("the wait for session " + id + " was interrupted");
    } finally {
      lock.unlock();
    }
  }

  /** Who is here. */
  public List<Session> list() {
    lock.lock();
    try {
      return List.copyOf(byId.values());
    } finally {
      lock.unlock();
    }
  }
}
