package dev.kemas.registry.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Locale;

/** What a registry's refusal means, in Docker's words (distribution-spec, "Error Codes"). */
final class Failures {
  private static final int MOST = 64 * 1024;

  private Failures() {}

  /**
   * @param what the thing asked for: {@code manifest}, {@code blob sha256:...}
   */
  static Fault of(HttpResponse<InputStream> response, Reference name, Access access, String what) {
    String host = response.uri().getAuthority();
    String said = said(response);
    return switch (response.statusCode()) {
      case 401, 403 -> denied(response, name, access, said);
      case 404 ->
          new Fault.NotFound(
              "image",
              name.toString(),
              what + " for " + name.familiar() + " not found: " + (said.isEmpty() ? host : said));
      case 429 ->
          new Fault.ResourceExhausted(
              "registry "
                  + host
                  + " answers "
                  + (said.isEmpty() ? "toomanyrequests" : said)
                  + RateLimit.of(response).map(limit -> " (" + limit + ")").orElse("")
                  + "; log in or wait"
                  + response
                      .headers()
                      .firstValue("Retry-After")
                      .map(after -> " (Retry-After: " + after + ")")
                      .orElse(""));
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

  private static Fault denied(
      HttpResponse<InputStream> response, Reference name, Access access, String said) {
    boolean basic =
        Challenge.of(response.headers().allValues("WWW-Authenticate"))
            .filter(c -> c.scheme().equals("basic"))
            .isPresent();
    boolean nobody = response.request().headers().firstValue("Authorization").isEmpty();
    String why = said;
    if (response.statusCode() == 401 && basic && nobody) {
      why = "no basic auth credentials";
    } else if (said.isEmpty()) {
      why =
          response.statusCode() == 401
              ? "unauthorized: authentication required"
              : "denied: requested access to the resource is denied";
    }
    return switch (access) {
      case PULL ->
          new Fault.NotFound(
              "image",
              name.toString(),
              "pull access denied for "
                  + name.familiarName()
                  + ", repository does not exist or may require 'docker login': "
                  + why);
      case PUSH ->
          response.statusCode() == 401 ? new Fault.Unauthenticated(why) : new Fault.Forbidden(why);
    };
  }

  /** The registry's own words, {@code code: message}; empty where it has none. */
  static String said(HttpResponse<InputStream> response) {
    byte[] body;
    try (InputStream in = response.body()) {
      body = in.readNBytes(MOST);
    } catch (IOException e) {
      return ""; // the status alone has to do
    }
    JsonNode all;
    try {
      all = Json.read(body, JsonNode.class, "answer");
    } catch (Fault.InvalidArgument e) {
      return ""; // a proxy's page in HTML
    }
    JsonNode first = all.path("errors").path(0);
    String code = first.path("code").asText("").toLowerCase(Locale.ROOT);
    // token services have one text instead
    String message = first.path("message").asText(all.path("details").asText(""));
    return code.isEmpty() ? message : code.replace('_', ' ') + ": " + message;
  }
}
