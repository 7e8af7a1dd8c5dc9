package dev.kemas.buildkit;

import dev.kemas.build.BuildQuestions;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.BuildResult;
import dev.kemas.build.Builder;
import dev.kemas.build.NamedContext;
import dev.kemas.buildkit.wire.Ops;
import dev.kemas.fault.Fault;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Makes jobs of what clients ask a frontend for. Safe for several threads. */
final class Jobs {
  private final Builder builder;
  private final ClientSessions sessions;
  private final Solves solves;
  private final AtomicLong count = new AtomicLong();

  Jobs(Builder builder, ClientSessions sessions, Solves solves) {
    this.builder = builder;
    this.sessions = sessions;
    this.solves = solves;
  }

  /**
   * A frontend with its attributes.
   *
   * @throws Fault.Unsupported when it is none of ours
   */
  Frontend frontend(
      Solve solve,
      String name,
      Map<String, String> attributes,
      Map<String, Ops.Definition> inputs) {
    Frontend.require(name, attributes);
    ClientSession session = solve.lender(sessions, solve.request().getSession());
    return new Frontend(
        attributes,
        session,
        other -> solve.lender(sessions, other),
        input -> result(input, inputs),
        solve.remotes(() -> builder.remoteContexts(session.access(), solve.cancelled())));
  }

  /** The job that a frontend stands for. */
  Job job(Solve solve, Frontend frontend) {
    DockerfileText dockerfile = frontend.dockerfile();
    Vertices vertices =
        new Vertices(solve.ref() + ' ' + count.incrementAndGet(), solve.feed(), dockerfile);
    ClientSession session = solve.lender(sessions, solve.request().getSession());
    BuildRequest wanted = frontend.request(dockerfile, solve.request().getEntitlementsList());
    return new Job(
        builder,
        wanted
            .withEpoch(wanted.epoch().or(() -> Exports.epoch(solve.request())))
            .withCaches(Exports.caches(solve.request(), session)),
        vertices,
        dockerfile,
        solve.cancelled());
  }

  /** The result of another build, as an image without a name. */
  private NamedContext result(String input, Map<String, Ops.Definition> inputs) {
    Ops.Definition definition = inputs.get(input);
    if (definition == null) {
      throw new Fault.InvalidArgument("input " + input + " is named, but not there");
    }
    Definitions.Result result = Definitions.result(definition);
    BuildResult built = solves.await(result.build()).job(result.id()).buildImage();
    return new NamedContext.Image(built.id().toString());
  }

  /** What can be asked in place of a build. */
  BuildQuestions ask(BuildRequest wanted) {
    return builder.ask(wanted);
  }
}
