package dev.kemas.buildkit;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/** Times as messages have them. */
final class Times {
  private Times() {}

  static Timestamp of(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  static Timestamp now() {
    return of(Instant.now());
  }
}
