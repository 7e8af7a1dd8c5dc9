package dev.kemas.guard;

/**
 * A secret that a build was given.
 *
 * @param id what {@code --mount=type=secret,id=} calls it
 * @param value as given; not copied, and never shown
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and a copy would be one more place
public record SecretValue(String id, byte[] value) {
  @Override
  public String toString() {
    return "secret " + id;
  }
}
