package dev.kemas.content;

class MemoryBlobStoreTest extends BlobStoreContract {
  @Override
  BlobStore open() {
    return new MemoryBlobStore();
  }
}
