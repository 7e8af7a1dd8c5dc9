package dev.kemas.buildkit;

import dev.kemas.build.Cancellation;
import dev.kemas.build.RemoteContexts;
import dev.kemas.buildkit.wire.Control;
import dev.kemas.buildkit.wire.Gateway;
import dev.kemas.buildkit.wire.Rpc;
import dev.kemas.fault.Fault;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * One build of a client: while it runs, what its gateway asked for, and afterwards the record of
 * it. Safe for several threads.
 */
final class Solve {
  private final Control.SolveRequest request;
  private final Instant created = Instant.now();
  private final StatusFeed feed = new StatusFeed();
  private final Cancellation cancelled = new Cancellation();
  private final Map<String, Job> jobs = new ConcurrentHashMap<>();
  private final CompletableFuture<Gateway.ReturnRequest> returned = new CompletableFuture<>();
  private final Queue<ClientSession> lenders = new ConcurrentLinkedQueue<>();
  private Optional<RemoteContexts> remotes = Optional.empty();
  private volatile Optional<Instant> completed = Optional.empty();
  private volatile Optional<Rpc.Status> error = Optional.empty();
  private volatile Map<String, String> response = Map.of();

  Solve(Control.SolveRequest request) {
    this.request = request;
  }

  Control.SolveRequest request() {
    return request;
  }

  String ref() {
    return request.getRef();
  }

  StatusFeed feed() {
    return feed;
  }

  Cancellation cancelled() {
    return cancelled;
  }

  Instant created() {
    return created;
  }

  /** When it ended; empty while it runs. */
  Optional<Instant> completed() {
    return completed;
  }

  /** What it failed with. */
  Optional<Rpc.Status> error() {
    return error;
  }

  /** What its exports said. */
  Map<String, String> response() {
    return response;
  }

  /** Keeps a job under a new name, and returns the name. */
  String add(Job job) {
    String id = ref() + "-" + (jobs.size() + 1);
    jobs.put(id, job);
    return id;
  }

  /**
   * A job by its name.
   *
   * @throws Fault.NotFound when there is none
   */
  Job job(String id) {
    Job job = jobs.get(id);
    if (job == null) {
      throw new Fault.NotFound("result", id, "no such result: " + id);
    }
    return job;
  }

  /** All that its frontend was asked for. */
  List<Job> jobs() {
    return List.copyOf(jobs.values());
  }

  /** The steps of all its jobs. */
  Vertices.Counts counts() {
    Vertices.Counts sum = new Vertices.Counts(0, 0, 0, 0);
    for (Job job : jobs.values()) {
      Vertices.Counts more = job.counts();
      sum =
          new Vertices.Counts(
              sum.total() + more.total(),
              sum.completed() + more.completed(),
              sum.cached() + more.cached(),
              sum.warnings() + more.warnings());
    }
    return sum;
  }

  /** The client's own program is done with the build. */
  void returned(Gateway.ReturnRequest result) {
    returned.complete(result);
  }

  /**
   * Waits until the client's own program says what the result is.
   *
   * @throws Fault.Cancelled when the client goes before
   */
  Gateway.ReturnRequest awaitReturn() {
    try (Cancellation.Registration _ =
        cancelled.onCancel(
            () -> returned.completeExceptionally(new Fault.Cancelled("the client went away")))) {
      return returned.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("the build was interrupted");
    } catch (ExecutionException e) {
      cancelled.check();
      throw new Fault.Internal("the build has no result", e);
    }
  }

  /**
   * A session that lends something to this build until it ends.
   *
   * @throws Fault.NotFound when there is none of that id
   */
  ClientSession lender(ClientSessions sessions, String id) {
    ClientSession session = sessions.get(id);
    lenders.add(session);
    return session;
  }

  /** The contexts behind addresses, the same ones for all its jobs. */
  synchronized RemoteContexts remotes(Supplier<RemoteContexts> opening) {
    RemoteContexts open = remotes.orElseGet(opening);
    remotes = Optional.of(open);
    return open;
  }

  private synchronized void closeRemotes() {
    remotes.ifPresent(RemoteContexts::close);
  }

  /** It ended well. */
  void succeeded(Map<String, String> told) {
    response = Map.copyOf(told);
    end();
  }

  /** It failed. */
  void failed(Rpc.Status status) {
    error = Optional.of(status);
    end();
  }

  private void end() {
    closeRemotes();
    lenders.forEach(ClientSession::close);
    lenders.clear();
    completed = Optional.of(Instant.now());
    feed.end();
  }
}
