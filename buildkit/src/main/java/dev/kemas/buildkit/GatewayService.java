package dev.kemas.buildkit;

import dev.kemas.build.BuildRequest;
import dev.kemas.buildkit.wire.Capabilities;
import dev.kemas.buildkit.wire.Gateway;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.Call;
import dev.kemas.grpc.Handler;
import dev.kemas.grpc.Services;
import java.util.List;

/**
 * What a client's own program asks for while its build runs (BuildKit,
 * moby.buildkit.v1.frontend.LLBBridge). Which build is meant, its metadata say.
 */
final class GatewayService {
  private static final String SERVICE = "/moby.buildkit.v1.frontend.LLBBridge/";
  private static final String BUILD = "buildkit-controlapi-buildid";

  /** What of the gateway's own can be used. */
  private static final List<String> GATEWAY =
      List.of(
          "solve.base",
          "solve.inlinereturn",
          "resolveimage",
          "resolveimage.resolvemode",
          "return",
          "returnmap",
          "importcaches",
          "proto.refarray",
          "reference.output",
          "frontend.inputs",
          "gateway.solve.metadata",
          "frontend.caps",
          "gateway.solve.evaluate",
          "gateway.evaluate",
          "gateway.warnings",
          "readfile",
          "readdir",
          "statfile");

  /** What of the operations that clients write down can be used: those that name results. */
  private static final List<String> OPERATIONS =
      List.of(
          "source.image",
          "source.local",
          "source.local.unique",
          "source.local.sessionid",
          "source.local.includepatterns",
          "source.local.followpaths",
          "source.local.excludepatterns",
          "source.local.sharedkeyhint",
          "constraints",
          "platform",
          "meta.description",
          // what buildx asks for before it asks for statements
          "exporter.image.attestations",
          "exporter.multiple",
          "exporter.sourcedateepoch");

  private final Jobs jobs;
  private final Solves solves;
  private final Worker worker;

  GatewayService(Jobs jobs, Solves solves, Worker worker) {
    this.jobs = jobs;
    this.solves = solves;
    this.worker = worker;
  }

  void addTo(Services services) {
    String containers =
        "a container in the middle of a build is not run here: look at a failed step with kemas"
            + " build --on-error=shell, or run the image";
    missing(services, "NewContainer", containers);
    missing(services, "ReleaseContainer", containers);
    missing(services, "ExecProcess", containers);
    String sources =
        "sources are not resolved one by one here: name the image or address in a Dockerfile";
    missing(services, "ResolveImageConfig", sources);
    missing(services, "ResolveSourceMeta", sources);
    services
        .on(SERVICE + "Ping", Handler.unary(Gateway.PingRequest.parser(), this::ping))
        .on(SERVICE + "Solve", Handler.unary(Gateway.SolveRequest.parser(), this::solve))
        .on(SERVICE + "Evaluate", Handler.unary(Gateway.EvaluateRequest.parser(), this::evaluate))
        .on(SERVICE + "Return", Handler.unary(Gateway.ReturnRequest.parser(), this::giveBack))
        .on(SERVICE + "Inputs", Handler.unary(Gateway.InputsRequest.parser(), this::inputs))
        .on(SERVICE + "ReadFile", Handler.unary(Gateway.ReadFileRequest.parser(), this::readFile))
        .on(SERVICE + "ReadDir", Handler.unary(Gateway.ReadDirRequest.parser(), this::readDir))
        .on(SERVICE + "StatFile", Handler.unary(Gateway.StatFileRequest.parser(), this::statFile))
        .on(SERVICE + "Warn", Handler.unary(Gateway.WarnRequest.parser(), this::warn));
  }

  private Gateway.ReadFileResponse readFile(Call call, Gateway.ReadFileRequest request) {
    return ResultFiles.read(build(call).job(request.getRef()), request);
  }

  private Gateway.ReadDirResponse readDir(Call call, Gateway.ReadDirRequest request) {
    return ResultFiles.list(build(call).job(request.getRef()), request);
  }

  private Gateway.StatFileResponse statFile(Call call, Gateway.StatFileRequest request) {
    return ResultFiles.stat(build(call).job(request.getRef()), request);
  }

  private static void missing(Services services, String method, String what) {
    services.on(
        SERVICE + method,
        _ -> {
          throw new Fault.Unsupported(what);
        });
  }

  private Solve build(Call call) {
    String ref =
        call.metadata(BUILD)
            .orElseThrow(
                () -> new Fault.InvalidArgument("the metadata say not which build: " + BUILD));
    return solves.await(ref);
  }

  private Gateway.PongResponse ping(Call call, Gateway.PingRequest request) {
    build(call);
    Gateway.PongResponse.Builder pong =
        Gateway.PongResponse.newBuilder().addWorkers(worker.record());
    GATEWAY.forEach(name -> pong.addFrontendApiCaps(capability(name)));
    OPERATIONS.forEach(name -> pong.addLlbCaps(capability(name)));
    return pong.build();
  }

  private static Capabilities.APICap capability(String name) {
    return Capabilities.APICap.newBuilder().setId(name).setEnabled(true).build();
  }

  private Gateway.SolveResponse solve(Call call, Gateway.SolveRequest request) {
    Solve solve = build(call);
    Gateway.Result.Builder result = Gateway.Result.newBuilder();
    if (request.getFrontend().isEmpty()) {
      throw new Fault.Unsupported(
          "a graph of BuildKit's own operations is not run here: name a frontend");
    }
    Frontend frontend =
        jobs.frontend(
            solve,
            request.getFrontend(),
            request.getFrontendOptMap(),
            request.getFrontendInputsMap());
    if (!frontend.subrequest().isEmpty()) {
      BuildRequest wanted = frontend.request(frontend.dockerfile());
      result.putAllMetadata(Questions.answer(frontend.subrequest(), jobs.ask(wanted)));
      result.setRef(Gateway.Ref.getDefaultInstance());
    } else {
      Job job = jobs.job(solve, frontend);
      if (request.getEvaluate()) {
        job.evaluate();
      }
      String id = solve.add(job);
      result.setRef(Gateway.Ref.newBuilder().setId(id).setDef(Definitions.of(solve.ref(), id)));
    }
    return Gateway.SolveResponse.newBuilder().setResult(result).build();
  }

  private Gateway.EvaluateResponse evaluate(Call call, Gateway.EvaluateRequest request) {
    build(call).job(request.getRef()).build(List.of());
    return Gateway.EvaluateResponse.getDefaultInstance();
  }

  private Gateway.ReturnResponse giveBack(Call call, Gateway.ReturnRequest request) {
    build(call).returned(request);
    return Gateway.ReturnResponse.getDefaultInstance();
  }

  private Gateway.InputsResponse inputs(Call call, Gateway.InputsRequest request) {
    return Gateway.InputsResponse.newBuilder()
        .putAllDefinitions(build(call).request().getFrontendInputsMap())
        .build();
  }

  private Gateway.WarnResponse warn(Call call, Gateway.WarnRequest request) {
    build(call)
        .feed()
        .tell(
            dev.kemas.buildkit.wire.Control.StatusResponse.newBuilder()
                .addWarnings(
                    dev.kemas.buildkit.wire.Control.VertexWarning.newBuilder()
                        .setVertex(request.getDigest())
                        .setLevel(request.getLevel())
                        .setShort(request.getShort())
                        .addAllDetail(request.getDetailList())
                        .setUrl(request.getUrl())
                        .setInfo(request.getInfo())
                        .addAllRanges(request.getRangesList()))
                .build());
    return Gateway.WarnResponse.getDefaultInstance();
  }
}
