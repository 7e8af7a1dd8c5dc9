package dev.kemas.api.server;

import dev.kemas.api.server.http.RouteTable;

/** The endpoints of one resource. Knows its backend and no other router. */
public abstract sealed class Router
    permits ArchiveRouter,
        BuildRouter,
        ContainersRouter,
        DiskUsageRouter,
        EventsRouter,
        ExecRouter,
        ImagesRouter,
        LifecycleRouter,
        NetworksRouter,
        NotBuiltRouter,
        RegistryRouter,
        SessionRouter,
        StreamsRouter,
        SystemRouter,
        TransferRouter,
        VolumesRouter {
  Router() {}

  /** Adds the endpoints. */
  abstract void addTo(RouteTable routes);
}
