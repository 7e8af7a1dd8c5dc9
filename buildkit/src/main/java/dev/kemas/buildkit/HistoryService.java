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
    if (solves.find(request.getRef()).isEmpty()) {
      throw new Fault.NotFound("build", request.getRef(), "no such build: " + request.getRef());
    }
    if (request.getDelete()) {
      solves.remove(request.getRef());
    } else if (request.getPinned()) {
      throw new Fault.Unsupported("records of builds cannot be pinned");
    }
    return Control.UpdateBuildHistoryResponse.getDefaultInstance();
  }

  private void listen(Call call) throws InterruptedException {
    Control.BuildHistoryRequest request = call.receiveOne(Control.BuildHistoryRequest.parser());
    BlockingQueue<Runnable> changes = new LinkedBlockingQueue<>();
    Consumer<Solves.Change> listener =
        change -> changes.add(() -> send(call, request, change.type(), change.solve()));
    if (!request.getEarlyExit()) {
      solves.listen(listener);
    }
    try {
      known(request)
          .forEach(solve ->
              send(
                  call,
                  request,
                  solve.completed().isPresent()
                      ? Control.BuildHistoryEventType.COMPLETE
                      : Control.BuildHistoryEventType.STARTED,
                  solve));
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

  private List<Solve> known(Control.BuildHistoryRequest request) {
    List<Solve> all =
        solves.all().stream()
            .filter(solve -> !request.getActiveOnly() || solve.completed().isEmpty())
            .toList();
    int limit = request.getLimit();
    return limit > 0 && all.size() > limit ? all.subList(all.size() - limit, all.size()) : all;
  }

  private static void send(
      Call call,
      Control.BuildHistoryRequest request,
      Control.BuildHistoryEventType type,
      Solve solve) {
    if (request.getRef().isEmpty() || request.getRef().equals(solve.ref())) {
      call.send(
          Control.BuildHistoryEvent.newBuilder().setType(type).setRecord(record(solve)).build());
    }
  }

  private static Control.BuildHistoryRecord record(Solve solve) {
    Control.SolveRequest request = solve.request();
    Vertices.Counts counts = solve.counts();
    Control.BuildHistoryRecord.Builder record =
        Control.BuildHistoryRecord.newBuilder()
            .setRef(solve.ref())
            .setFrontend(request.getFrontend().isEmpty() ? "dockerfile.v0" : request.getFrontend())
            .putAllFrontendAttrs(request.getFrontendAttrsMap())
            .addAllExporters(request.getExportersList())
            .putAllExporterResponse(solve.response())
            .setCreatedAt(Times.of(solve.created()))
            .setNumTotalSteps(counts.total())
            .setNumCompletedSteps(counts.completed())
            .setNumCachedSteps(counts.cached())
            .setNumWarnings(counts.warnings());
    solve.completed().ifPresent(time -> record.setCompletedAt(Times.of(time)));
    solve.error().ifPresent(record::setError);
    return record.build();
  }
}
