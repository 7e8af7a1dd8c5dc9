package dev.kemas.api.server;

import dev.kemas.api.DiskUsage;
import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.RouteTable;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/** {@code /system/df}. */
public final class DiskUsageRouter extends Router {
  private final DiskUsageBackend backend;

  public DiskUsageRouter(DiskUsageBackend backend) {
    this.backend = backend;
  }

  @Override
  void addTo(RouteTable routes) {
    routes.on("GET", "/system/df", this::usage);
  }

  private void usage(Call call) throws IOException {
    Set<DiskUsage.Kind> kinds = EnumSet.noneOf(DiskUsage.Kind.class);
    for (String word : call.query().all("type")) {
      kinds.add(DiskUsage.Kind.of(word));
    }
    call.json(backend.usage(kinds.isEmpty() ? EnumSet.allOf(DiskUsage.Kind.class) : kinds));
  }
}
