package dev.kemas.api;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A line of a long answer: of a build, a pull, a load.
 *
 * @param stream output to show as it is
 * @param id what the status is about: a layer, a tag
 * @param progressDetail how far it is
 * @param error what went wrong; the last line then
 * @param aux a value for programs, such as the id of the image that was built
 */
public record ProgressMessage(
    Optional<String> stream,
    Optional<String> status,
    Optional<ProgressDetail> progressDetail,
    Optional<String> id,
    Optional<String> error,
    Optional<ErrorDetail> errorDetail,
    Optional<Map<String, Object>> aux) {

  /**
   * Bytes done and bytes in all; both absent when nothing is known.
   *
   * @param size bytes that are still to be moved, before the first of them is; Docker has no such
   *     field, its clients take this for an empty detail
   */
  public record ProgressDetail(OptionalLong current, OptionalLong total, OptionalLong size) {
    static final ProgressDetail EMPTY =
        new ProgressDetail(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
  }

  /**
   * The same as the error, for programs.
   *
   * @param code an exit code, if a command failed
   */
  public record ErrorDetail(OptionalInt code, String message) {}

  /** Output, line ends included. */
  public static ProgressMessage stream(String text) {
    return of(Optional.of(text), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** What happens now. */
  public static ProgressMessage status(String text) {
    return of(Optional.empty(), Optional.of(text), Optional.empty(), Optional.empty());
  }

  /** What happens with one of several things. */
  public static ProgressMessage status(String id, String text) {
    return of(
        Optional.empty(), Optional.of(text), Optional.of(ProgressDetail.EMPTY), Optional.of(id));
  }

  /** How far one of several things is. */
  public static ProgressMessage progress(String id, String text, long current, long total) {
    return progress(
        id,
        text,
        OptionalLong.of(current),
        total > 0 ? OptionalLong.of(total) : OptionalLong.empty());
  }

  /** What will happen with one of several things, and how much it is. */
  public static ProgressMessage expected(String id, String text, long size) {
    return of(
        Optional.empty(),
        Optional.of(text),
        Optional.of(
            new ProgressDetail(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(size))),
        Optional.of(id));
  }

  /** The same where parts may not be known. */
  public static ProgressMessage progress(
      String id, String text, OptionalLong current, OptionalLong total) {
    return of(
        Optional.empty(),
        Optional.of(text),
        Optional.of(new ProgressDetail(current, total, OptionalLong.empty())),
        Optional.of(id));
  }

  /** The end of an answer that failed. */
  public static ProgressMessage error(String text, OptionalInt code) {
    return new ProgressMessage(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(text),
        Optional.of(new ErrorDetail(code, text)),
        Optional.empty());
  }

  /** The id of the image that came out. */
  public static ProgressMessage image(String id) {
    return new ProgressMessage(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(Map.of("ID", id)));
  }

  /**
   * A value of our own for programs. Only for clients that asked for it: Docker's take the value of
   * a build's last such message for the image's id.
   */
  public static ProgressMessage told(String id, Map<String, Object> value) {
    return new ProgressMessage(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(id),
        Optional.empty(),
        Optional.empty(),
        Optional.of(value));
  }

  /** What was pushed, for programs. */
  public static ProgressMessage pushed(String tag, String digest, long size) {
    Map<String, Object> aux = new TreeMap<>();
    aux.put("Tag", tag);
    aux.put("Digest", digest);
    aux.put("Size", size);
    return new ProgressMessage(
        Optional.empty(),
        Optional.empty(),
        Optional.of(ProgressDetail.EMPTY),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(aux));
  }

  private static ProgressMessage of(
      Optional<String> stream,
      Optional<String> status,
      Optional<ProgressDetail> detail,
      Optional<String> id) {
    return new ProgressMessage(
        stream, status, detail, id, Optional.empty(), Optional.empty(), Optional.empty());
  }
}
