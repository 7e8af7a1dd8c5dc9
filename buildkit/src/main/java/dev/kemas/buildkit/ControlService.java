package dev.kemas.buildkit;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kemas.build.Export;
import dev.kemas.buildkit.wire.Control;
import dev.kemas.buildkit.wire.Gateway;
import dev.kemas.buildkit.wire.Rpc;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.Call;
import dev.kemas.grpc.CallFailed;
import dev.kemas.grpc.Code;
import dev.kemas.grpc.Handler;
import dev.kemas.grpc.Services;
import dev.kemas.oci.Digest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds and their progress (BuildKit, moby.buildkit.v1.Control). */
final class ControlService {
  private static final String SERVICE = "/moby.buildkit.v1.Control/";
  private final Jobs jobs;
  private final Solves solves;
  private final ClientSessions sessions;
  private final Worker worker;

  ControlService(Jobs jobs, Solves solves, ClientSessions sessions, Worker worker) {
    this.jobs = jobs;
    this.solves = solves;
    this.sessions = sessions;
    this.worker = worker;
  }

  void addTo(Services services) {
    services
        .on(SERVICE + "Solve", Handler.unary(Control.SolveRequest.parser(), this::solve))
        .on(SERVICE + "Status", this::status)
        .answer(
            SERVICE + "Info",
            Control.InfoRequest.parser(),
            _ -> Control.InfoResponse.newBuilder().setBuildkitVersion(worker.engine()).build())
        .answer(
            SERVICE + "ListWorkers",
            Control.ListWorkersRequest.parser(),
            _ -> Control.ListWorkersResponse.newBuilder().addRecord(worker.record()).build());
  }

  private void status(Call call) {
    Control.StatusRequest request = call.receiveOne(Control.StatusRequest.parser());
    Optional<Solve> solve = solves.find(request.getRef());
    Optional<Path> log =
        solve.isPresent()
            ? Optional.empty()
            : solves
                .history()
                .find(request.getRef())
                .flatMap(
                    record -> solves.history().blob(Digest.parse(record.getLogs().getDigest())));
    if (log.isPresent()) {
      StatusLog.read(log.get(), call::send);
    } else {
      solves.await(request.getRef()).feed().follow(call);
    }
  }

  private Control.SolveResponse solve(Call call, Control.SolveRequest request) {
    if (request.getRef().isEmpty()) {
      throw new Fault.InvalidArgument("a build needs a reference");
    }
    Solve solve = new Solve(request);
    call.whenCut(() -> solve.cancelled().cancel("the client went away"));
    solves.begin(solve);
    try {
      Map<String, String> told = run(solve);
      solve.succeeded(told);
      return Control.SolveResponse.newBuilder().putAllExporterResponse(told).build();
    } catch (CallFailed e) {
      solve.failed(status(e));
      throw e;
    } catch (Fault fault) {
      solve.failed(
          Rpc.Status.newBuilder()
              .setCode(Code.of(fault).number())
              .setMessage(fault.getMessage())
              .build());
      throw fault;
    } catch (RuntimeException e) {
      solve.failed(
          Rpc.Status.newBuilder().setCode(Code.INTERNAL.number()).setMessage(e.toString()).build());
      throw e;
    } finally {
      solves.ended(solve);
    }
  }

  private static Rpc.Status status(CallFailed failed) {
    ByteString details = failed.details();
    try {
      return Rpc.Status.parseFrom(details);
    } catch (InvalidProtocolBufferException e) {
      throw new Fault.Internal("the details of a failure are none", e);
    }
  }

  private Map<String, String> run(Solve solve) {
    Control.SolveRequest request = solve.request();
    if (request.getDefinition().getDefCount() > 0) {
      throw new Fault.Unsupported(
          "a graph of BuildKit's own operations is not run here: builds are made from Dockerfiles");
    }
    ClientSession session = solve.lender(sessions, request.getSession());
    session.whenGone(() -> solve.cancelled().cancel("the client went away"));
    List<Export> exports = Exports.of(request, session);
    if (!request.getFrontend().isEmpty()) {
      Frontend frontend =
          jobs.frontend(
              solve,
              request.getFrontend(),
              request.getFrontendAttrsMap(),
              request.getFrontendInputsMap());
      Job job = jobs.job(solve, frontend);
      solve.add(job);
      return Exports.told(request, job.build(exports));
    }
    Gateway.ReturnRequest returned = solve.awaitReturn();
    if (returned.hasError()) {
      throw Failures.of(returned.getError());
    }
    String id = ref(returned.getResult());
    return id.isEmpty() ? Map.of() : Exports.told(request, solve.job(id).build(exports));
  }

  private static String ref(Gateway.Result result) {
    return switch (result.getResultCase()) {
      case REF -> result.getRef().getId();
      case REF_DEPRECATED -> result.getRefDeprecated();
      case REFS ->
          result.getRefs().getRefsMap().values().stream()
              .map(Gateway.Ref::getId)
              .findFirst()
              .orElse("");
      case REFS_DEPRECATED ->
          result.getRefsDeprecated().getRefsMap().values().stream().findFirst().orElse("");
      case RESULT_NOT_SET -> "";
    };
  }
}
