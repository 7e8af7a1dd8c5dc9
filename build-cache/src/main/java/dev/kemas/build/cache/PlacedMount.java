package dev.kemas.build.cache;

import dev.kemas.fault.Fault;
import dev.kemas.mount.travel.MountPlace;
import dev.kemas.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A cache's place as that of a mount's artifact. */
record PlacedMount(String name, CachePlace.Opened opened) implements MountPlace {
  @Override
  public Optional<byte[]> manifest() {
    try {
      return Optional.of(opened.manifest().bytes());
    } catch (Fault.NotFound e) {
      // the first export is to come
      return Optional.empty();
    }
  }

  @Override
  public InputStream open(Descriptor blob) throws IOException {
    return opened.blob(blob);
  }

  @Override
  public boolean has(Descriptor blob) {
    return opened.has(blob);
  }

  @Override
  public void put(Descriptor blob, byte[] bytes) throws IOException {
    opened.put(blob, () -> new BytesReader(bytes));
  }

  @Override
  public void publish(Descriptor manifest, byte[] bytes) throws IOException {
    opened.put(manifest, bytes);
  }
}
