package dev.kemas.registry.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;

/** What a registry's refusal means, in Docker's words (distribution-spec, "Error Codes"). */
final class Failures {
  private static final int MOST = 64 * 1024;

  private Failures() {}

  /**
   * @param what the thing asked for: {@code manifest}, {@code blob sha256:...}
   */
  static Fault of(HttpResponse<InputStream> response, Reference name, String what) {
    String host = response.uri().getAuthority();
    String said = said(response);
    return switch (response.statusCode()) {
      case 401, 403 ->
          new Fault.NotFound(
              "image",
              name.toString(),
              "pull access denied for "
                  + name.familiarName()
                  + ", repository does not exist or may require 'docker login': "
                  + (said.isEmpty() ? "denied" : said));
      case 404 ->
          new Fault.NotFound(
              "image",
              name.toString(),
              what + " for " + name.familiar() + " not found: " + (said.isEmpty() ? host : said));
      case 429 ->
          new Fault.ResourceExhausted(
              "registry " + host + " answers toomanyrequests: " + said + "; log in or wait");
      default ->
          new Fault.Unavailable(
              "registry "
                  + host
                  + " answers "
                  + response.statusCode()
                  + " for the "
                  + what
                  + " of "
                  + name.familiar()
                  + (said.isEmpty() ? "" : ": " + said));
    };
  }

  private static String said(HttpResponse<InputStream> response) {
    byte[] body;
    try (InputStream in = response.body()) {
      body = in.readNBytes(MOST);
    } catch (IOException e) {
      return ""; // the status alone has to do
    }
    JsonNode first;
    try {
      first = Json.read(body, JsonNode.class, "answer").path("errors").path(0);
    } catch (Fault.InvalidArgument e) {
      return ""; // a proxy's page in HTML
    }
    String code = first.path("code").asText("").toLowerCase(java.util.Locale.ROOT);
    String message = first.path("message").asText("");
    return code.isEmpty() ? message : code.replace('_', ' ') + ": " + message;
  }
}
