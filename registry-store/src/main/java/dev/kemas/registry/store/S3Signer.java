package dev.kemas.registry.store;

import dev.kemas.fault.Fault;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs requests with AWS Signature Version 4 (Amazon S3 API Reference, "Authenticating"). */
final class S3Signer {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";

  private final S3Location location;

  S3Signer(S3Location location) {
    this.location = location;
  }

  /**
   * A signed request without method and body.
   *
   * @param path begins with a slash, not encoded
   * @param headers beside those that each request has
   * @param payloadHash sha256 of the body in hexadecimal
   */
  HttpRequest.Builder sign(
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      String payloadHash,
      Instant now) {
    String canonicalPath = encodePath(path);
    String canonicalQuery =
        new TreeMap<>(query)
            .entrySet().stream()
                .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&"));
    URI endpoint = location.endpoint();
    TreeMap<String, String> signed = new TreeMap<>(headers);
    signed.put("x-amz-content-sha256", payloadHash);
    signed.put("x-amz-date", TIME.format(now));
    location.sessionToken().ifPresent(token -> signed.put("x-amz-security-token", token));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create(
                endpoint.getScheme()
                    + "://"
                    + endpoint.getAuthority()
                    + canonicalPath
                    + (canonicalQuery.isEmpty() ? "" : "?" + canonicalQuery)));
    signed.forEach(request::header);
    // the HTTP client adds it by itself
    signed.put("host", endpoint.getAuthority());
    String names = String.join(";", signed.keySet());
    String canonical =
        method
            + "\n"
            + canonicalPath
            + "\n"
            + canonicalQuery
            + "\n"
            + signed.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue().strip() + "\n")
                .collect(Collectors.joining())
            + "\n"
            + names
            + "\n"
            + payloadHash;
    String day = TIME.format(now).substring(0, 8);
    String scope = day + "/" + location.region() + "/s3/aws4_request";
    String toSign =
        ALGORITHM
            + "\n"
            + TIME.format(now)
            + "\n"
            + scope
            + "\n"
            + dev.kemas.oci.Digest.of(canonical.getBytes(StandardCharsets.UTF_8)).hex();
    String signature = HexFormat.of().formatHex(hmac(key(day), toSign));
    return request.header(
        "Authorization",
        ALGORITHM
            + " Credential="
            + location.accessKey()
            + "/"
            + scope
            + ", SignedHeaders="
            + names
            + ", Signature="
            + signature);
  }

  private byte[] key(String day) {
    byte[] secret = ("AWS4" + location.secretKey()).getBytes(StandardCharsets.UTF_8);
    return hmac(hmac(hmac(hmac(secret, day), location.region()), "s3"), "aws4_request");
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new Fault.Internal("this Java runtime lacks HmacSHA256", e);
    }
  }

  /** As the signature wants it (RFC 3986, unreserved characters only). */
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  static String encodePath(String path) {
    return encode(path).replace("%2F", "/");
  }
}
