package dev.kemas.api.server;

import dev.kemas.api.RegistryLogin;
import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.Query;
import dev.kemas.api.server.http.RouteTable;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.oci.Platform;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Images in and out: pull, push, import, load, save, bootstrap. */
public final class TransferRouter extends Router {
  private final TransferBackend backend;

  public TransferRouter(TransferBackend backend) {
    this.backend = backend;
  }

  @Override
  void addTo(RouteTable routes) {
    routes
        .on("POST", "/images/create", this::create)
        .on("POST", "/images/{name*}/push", this::push)
        .on("POST", "/images/load", this::load)
        .on("POST", "/images/bootstrap", this::bootstrap)
        .on("GET", "/images/get", call -> save(call, call.query().all("names")))
        .on("GET", "/images/{name*}/get", call -> save(call, List.of(call.variable("name"))));
  }

  private void create(Call call) throws Exception {
    Query query = call.query();
    if (query.has("fromSrc")) {
      importFrom(call);
      return;
    }
    String name = query.required("fromImage");
    Optional<Platform> platform = query.value("platform").map(Platform::parse);
    RegistryLogin login = RegistryLogin.decode(call.header("X-Registry-Auth").orElse(""));
    ProgressAnswer.of(
        call,
        progress ->
            backend.pull(
                ImagesRouter.reference(name, query.text("tag")), platform, login, progress));
  }

  private void push(Call call) throws Exception {
    Query query = call.query();
    Optional<Platform> platform = query.value("platform").map(TransferRouter::platform);
    RegistryLogin login = RegistryLogin.decode(call.header("X-Registry-Auth").orElse(""));
    String name = ImagesRouter.reference(call.variable("name"), query.text("tag"));
    ProgressAnswer.of(call, progress -> backend.push(name, platform, login, progress));
  }

  /** JSON since version 1.46 of the API. */
  private static Platform platform(String text) {
    return text.startsWith("{")
        ? Json.read(text, Platform.class, "platform")
        : Platform.parse(text);
  }

  private void importFrom(Call call) throws Exception {
    Query query = call.query();
    TransferBackend.Import what =
        new TransferBackend.Import(
            query.required("fromSrc"),
            query.value("repo").map(repo -> ImagesRouter.reference(repo, query.text("tag"))),
            query.text("message"),
            query.all("changes"),
            query.value("platform").map(Platform::parse));
    ProgressAnswer.withBody(call, (body, progress) -> backend.importFrom(what, body, progress));
  }

  private void load(Call call) throws Exception {
    boolean quiet = call.query().flag("quiet");
    ProgressAnswer.withBody(call, (body, progress) -> backend.load(body, quiet, progress));
  }

  private void bootstrap(Call call) throws Exception {
    Query query = call.query();
    TransferBackend.Bootstrap what =
        new TransferBackend.Bootstrap(
            query.required("ref"),
            query.value("mirror"),
            query.value("suite"),
            query.all("include").stream()
                .flatMap(text -> Stream.of(text.split(",", -1)))
                .filter(text -> !text.isBlank())
                .toList(),
            query.value("platform").map(Platform::parse));
    ProgressAnswer.of(call, progress -> backend.bootstrap(what, progress));
  }

  private void save(Call call, List<String> names) throws IOException {
    if (names.isEmpty()) {
      throw new Fault.InvalidArgument("missing parameter \"names\"");
    }
    backend.requireAll(names);
    try (OutputStream out =
        new BufferedOutputStream(call.stream("application/x-tar"), 128 * 1024)) {
      backend.save(names, out);
    }
  }
}
