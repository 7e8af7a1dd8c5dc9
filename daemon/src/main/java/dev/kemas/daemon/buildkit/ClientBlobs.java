package dev.kemas.daemon.buildkit;

import dev.kemas.build.cache.BlobPlace;
import dev.kemas.oci.Digest;
import dev.kemas.session.ClientContent;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/** A store of the client's as a place for a cache. */
record ClientBlobs(ClientContent content) implements BlobPlace {
  @Override
  public OptionalLong size(Digest blob) {
    return content.size(blob);
  }

  @Override
  public InputStream open(Digest blob) {
    return content.open(blob);
  }

  @Override
  public void put(Digest blob, long size, InputStream in) throws IOException {
    content.put(blob, size, in);
  }
}
