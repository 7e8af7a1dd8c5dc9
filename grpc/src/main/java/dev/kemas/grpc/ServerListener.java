package dev.kemas.grpc;

import dev.kemas.fault.Fault;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.thread.Scheduler;

/** Starts a handler for each call that comes. */
record ServerListener(Services services, Scheduler scheduler, LiveCalls calls)
    implements ServerSessionListener {

  @Override
  public Stream.Listener onNewStream(Stream stream, HeadersFrame frame) {
    MetaData.Request request = (MetaData.Request) frame.getMetaData();
    HttpFields fields = request.getHttpFields();
    String method = Optional.ofNullable(request.getHttpURI().getPath()).orElse("/");
    ServerCall call = new ServerCall(method, Headers.metadata(fields), stream, frame.isEndStream());
    Handler handler = handler(method, request);
    calls.add(call);
    Optional<Scheduler.Task> deadline =
        Headers.timeout(fields)
            .map(time ->
                scheduler.schedule(() -> call.late(time), time.toNanos(), TimeUnit.NANOSECONDS));
    Thread.ofVirtual()
        .name("call " + method)
        .start(() -> {
          call.run(handler);
          deadline.ifPresent(Scheduler.Task::cancel);
          calls.remove(call);
        });
    return call;
  }

  private Handler handler(String method, MetaData.Request request) {
    HttpFields fields = request.getHttpFields();
    String type = Optional.ofNullable(fields.get("content-type")).orElse("");
    if (!request.getMethod().equals("POST") || !type.startsWith(Headers.CONTENT_TYPE)) {
      return _ -> {
        throw new Fault.InvalidArgument(
            request.getMethod() + " " + method + " of \"" + type + "\" is no call of gRPC");
      };
    }
    Optional<String> compression = Headers.compression(fields);
    if (compression.isPresent()) {
      return _ -> {
        throw new Fault.Unsupported(
            method + ": messages compressed by " + compression.get() + " are not read here");
      };
    }
    return services
        .find(method)
        .orElse(_ -> {
          throw new Fault.Unsupported("unknown method " + method);
        });
  }
}
