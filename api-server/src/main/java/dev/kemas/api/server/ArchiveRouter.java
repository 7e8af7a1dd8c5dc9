package dev.kemas.api.server;

import dev.kemas.api.ApiJson;
import dev.kemas.api.PathStat;
import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.LateStream;
import dev.kemas.api.server.http.RouteTable;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;

/** Files of a container: {@code archive}, {@code export}. */
public final class ArchiveRouter extends Router {
  private final ArchiveBackend backend;

  public ArchiveRouter(ArchiveBackend backend) {
    this.backend = backend;
  }

  @Override
  void addTo(RouteTable routes) {
    routes
        .on("HEAD", "/containers/{id}/archive", this::stat)
        .on("GET", "/containers/{id}/archive", this::read)
        .on("PUT", "/containers/{id}/archive", this::write)
        .on("GET", "/containers/{id}/export", this::export);
  }

  private static String id(Call call) {
    return call.variable("id");
  }

  private void stat(Call call) throws IOException {
    withStat(call).status(200);
  }

  private Call withStat(Call call) {
    PathStat stat = backend.stat(id(call), call.query().required("path"));
    return call.with(
        "X-Docker-Container-Path-Stat", Base64.getEncoder().encodeToString(ApiJson.write(stat)));
  }

  private void read(Call call) throws IOException {
    withStat(call);
    try (OutputStream out = buffered(call, "application/x-tar")) {
      backend.read(id(call), call.query().required("path"), out);
    }
  }

  private void write(Call call) throws IOException {
    backend.write(
        id(call),
        call.query().required("path"),
        call.body(),
        call.query().flag("noOverwriteDirNonDir"),
        call.query().flag("copyUIDGID"));
    call.status(200);
  }

  private void export(Call call) throws IOException {
    try (OutputStream out = buffered(call, "application/octet-stream")) {
      backend.export(id(call), out);
    }
  }

  /** The answer begins with the first bytes, so that a refusal before them has its status. */
  private static OutputStream buffered(Call call, String type) {
    return new BufferedOutputStream(new LateStream(call, type), 128 * 1024);
  }
}
