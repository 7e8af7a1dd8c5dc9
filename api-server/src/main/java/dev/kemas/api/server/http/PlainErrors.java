package dev.kemas.api.server.http;

import dev.kemas.api.ApiJson;
import dev.kemas.api.ErrorBody;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What HTTP itself refuses, such as a header that is none, in the words of the API. */
public final class PlainErrors implements Request.Handler {
  /** Has no state. */
  public PlainErrors() {}

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String message =
        Optional.ofNullable(request.getAttribute(ErrorHandler.ERROR_MESSAGE))
            .map(Object::toString)
            .orElseGet(() -> HttpStatus.getMessage(response.getStatus()));
    byte[] body = ApiJson.write(new ErrorBody("invalid request: " + message));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}
