package dev.kemas.registry.store;

import dev.kemas.fault.Fault;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * A place in an S3-compatible store.
 *
 * @param endpoint scheme and host; the bucket is the first part of the path
 * @param region for the signature; {@code us-east-1} where a store has none
 * @param prefix of all names of objects; empty, or with a slash at its end
 * @param sessionToken of temporary credentials
 */
record S3Location(
    URI endpoint,
    String region,
    String bucket,
    String prefix,
    String accessKey,
    String secretKey,
    Optional<String> sessionToken) {

  /**
   * Reads {@code s3://bucket/prefix}; credentials are those of the environment, under the names
   * that every S3 tool knows.
   *
   * @throws Fault.InvalidArgument when it is no such place, or credentials are missing
   */
  static S3Location of(Place.Bucket bucket) {
    String place = bucket.place();
    Map<String, String> env = bucket.environment();
    if (!place.startsWith("s3://") || place.length() == 5) {
      throw new Fault.InvalidArgument(
          "invalid S3 location \"" + place + "\": want s3://BUCKET or s3://BUCKET/PREFIX");
    }
    String[] parts = place.substring(5).split("/", 2);
    String prefix = parts.length == 1 || parts[1].isEmpty() ? "" : slashed(parts[1]);
    String where = bucket.region().or(() -> variable(env, "AWS_REGION")).orElse("us-east-1");
    URI host =
        bucket
            .endpoint()
            .or(() -> variable(env, "AWS_ENDPOINT_URL").map(URI::create))
            .orElseGet(() -> URI.create("https://s3." + where + ".amazonaws.com"));
    if (host.getHost() == null) {
      throw new Fault.InvalidArgument(
          "invalid S3 endpoint \"" + host + "\": want https://HOST[:PORT]");
    }
    return new S3Location(
        host,
        where,
        parts[0],
        prefix,
        required(env, "AWS_ACCESS_KEY_ID"),
        required(env, "AWS_SECRET_ACCESS_KEY"),
        variable(env, "AWS_SESSION_TOKEN"));
  }

  private static String slashed(String prefix) {
    return prefix.endsWith("/") ? prefix : prefix + "/";
  }

  private static Optional<String> variable(Map<String, String> env, String name) {
    return Optional.ofNullable(env.get(name)).filter(text -> !text.isEmpty());
  }

  private static String required(Map<String, String> env, String name) {
    return variable(env, name)
        .orElseThrow(() ->
            new Fault.InvalidArgument(
                "the credentials of the S3 store are missing: set AWS_ACCESS_KEY_ID and"
                    + " AWS_SECRET_ACCESS_KEY in the environment"));
  }

  /** Without the credentials. */
  @Override
  public String toString() {
    return "s3://" + bucket + "/" + prefix + " at " + endpoint;
  }
}
