package dev.kemas.buildkit;

import dev.kemas.build.Builder;
import dev.kemas.buildkit.wire.Health;
import dev.kemas.grpc.Services;

/** All that BuildKit's clients call. For any number of connections. */
public final class BuildkitServices {
  private final Services services = new Services();

  /**
   * The services upon a builder.
   *
   * @param sessions of the clients
   * @param cache of the builder
   * @param worker how the builder is shown
   * @param history where the records of builds are kept
   * @param blobs of the engine, which records name
   */
  public BuildkitServices(
      Builder builder,
      ClientSessions sessions,
      CacheRecords cache,
      Worker worker,
      HistoryStore history,
      Blobs blobs) {
    Solves solves = new Solves(history);
    Jobs jobs = new Jobs(builder, sessions, solves);
    new ControlService(jobs, solves, sessions, worker).addTo(services);
    new GatewayService(jobs, solves, worker).addTo(services);
    new HistoryService(solves).addTo(services);
    new ContentService(history, blobs).addTo(services);
    new CacheService(cache).addTo(services);
    services.answer(
        "/grpc.health.v1.Health/Check",
        Health.HealthCheckRequest.parser(),
        _ ->
            Health.HealthCheckResponse.newBuilder()
                .setStatus(Health.HealthCheckResponse.ServingStatus.SERVING)
                .build());
  }

  /** To be put behind a connection. */
  public Services services() {
    return services;
  }
}
