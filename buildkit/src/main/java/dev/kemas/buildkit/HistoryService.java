package dev.kemas.buildkit;

import dev.kemas.buildkit.wire.Control;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.Call;
import dev.kemas.grpc.Services;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** The records of builds (BuildKit, moby.buildkit.v1.Control, the calls about history). */
final class HistoryService {
  private static final String SERVICE = "/moby.buildkit.v1.Control/";
  private final Solves solves;

  HistoryService(Solves solves) {
    this.solves = solves;
  }

  void addTo(Services services) {
    services
        .on(SERVICE + "ListenBuildHistory", this::listen)
        .answer(
            SERVICE + "UpdateBuildHistory",
            Control.UpdateBuildHistoryRequest.parser(),
            this::update);
  }

  private Control.UpdateBuildHistoryResponse update(Control.UpdateBuildHistoryRequest request) {
    if (request.getDelete()) {
      solves.remove(request.getRef());
    } else if (request.getFinalize()) {
      // nothing is written of a build after it is over
      require(request.getRef());
    } else {
      solves.pin(request.getRef(), request.getPinned());
    }
    return Control.UpdateBuildHistoryResponse.getDefaultInstance();
  }

  private void require(String ref) {
    if (solves.history().find(ref).isEmpty()) {
      throw new Fault.NotFound("build", ref, "no such build: " + ref);
    }
  }

  private void listen(Call call) throws InterruptedException {
    Control.BuildHistoryRequest request = call.receiveOne(Control.BuildHistoryRequest.parser());
    if (request.getFilterCount() > 0) {
      // the error by which clients know that they are to filter themselves
      throw new Fault.Unsupported("records of builds are not filtered here");
    }
    BlockingQueue<Runnable> changes = new LinkedBlockingQueue<>();
    Consumer<Solves.Change> listener =
        change -> changes.add(() -> send(call, request, change.type(), change.record()));
    if (!request.getEarlyExit()) {
      solves.listen(listener);
    }
    try {
      if (!request.getActiveOnly()) {
        ended(request)
            .forEach(record -> send(call, request, Control.BuildHistoryEventType.COMPLETE, record));
      }
      solves
          .running()
          .forEach(solve ->
              send(call, request, Control.BuildHistoryEventType.STARTED, HistoryRecords.of(solve)));
      if (request.getEarlyExit()) {
        return;
      }
      boolean[] cut = new boolean[1];
      call.whenCut(() -> changes.add(() -> cut[0] = true));
      while (!cut[0]) {
        changes.take().run();
      }
    } finally {
      solves.forget(listener);
    }
  }

  private List<Control.BuildHistoryRecord> ended(Control.BuildHistoryRequest request) {
    List<Control.BuildHistoryRecord> all = solves.history().records();
    int limit = request.getLimit();
    boolean some = limit > 0 && request.getRef().isEmpty() && all.size() > limit;
    return some ? all.subList(all.size() - limit, all.size()) : all;
  }

  private static void send(
      Call call,
      Control.BuildHistoryRequest request,
      Control.BuildHistoryEventType type,
      Control.BuildHistoryRecord record) {
    if (request.getRef().isEmpty() || request.getRef().equals(record.getRef())) {
      call.send(Control.BuildHistoryEvent.newBuilder().setType(type).setRecord(record).build());
    }
  }
}
