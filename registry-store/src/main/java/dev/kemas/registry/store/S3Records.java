package dev.kemas.registry.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Records as objects. Nothing is kept in memory: another server may change what this one knows. */
final class S3Records implements Records {
  private static final String PREFIX = "records/";

  private final S3Client s3;

  S3Records(S3Client s3) {
    this.s3 = s3;
  }

  @Override
  public Optional<Value> read(String key) {
    return s3.read(PREFIX + key);
  }

  @Override
  public void write(String key, byte[] value) {
    s3.write(PREFIX + key, value, value.length);
  }

  @Override
  public boolean delete(String key) {
    s3.delete(PREFIX + key);
    return true;
  }

  @Override
  public List<Entry> list(String below, String after, int most) {
    String prefix = PREFIX + below + "/";
    List<Entry> entries = new ArrayList<>();
    String last = after.isEmpty() ? "" : prefix + after;
    while (entries.size() < most) {
      List<S3Client.Listed> page = s3.list(prefix, true, last, most - entries.size());
      if (page.isEmpty()) {
        break;
      }
      for (S3Client.Listed object : page) {
        entries.add(new Entry(object.name().substring(prefix.length()), object.writtenAt()));
      }
      last = page.getLast().name();
    }
    return entries;
  }
}
