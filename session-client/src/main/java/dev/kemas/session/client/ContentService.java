package dev.kemas.session.client;

import com.google.protobuf.ByteString;
import dev.kemas.buildkit.wire.Contents;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.Call;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;

/**
 * Folders in OCI's layout (image-spec, image-layout.md) as containerd's content service, each under
 * a name. A blob comes to be whole or not at all, and only as what its digest says. Nothing of a
 * folder but its blobs is read or written.
 */
final class ContentService {
  private static final String STORE = "buildkit-attachable-store-id";
  private static final int CHUNK = 1 << 20;

  private final Map<String, Path> stores;

  ContentService(Map<String, Path> stores) {
    this.stores = Map.copyOf(stores);
  }

  private Path blob(Call call, String digest) {
    String name = call.metadata(STORE).orElse("");
    Path store = stores.get(name);
    if (store == null) {
      throw new Fault.NotFound("store", name, "no store " + name + " is offered");
    }
    Digest parsed = Digest.parse(digest);
    return store.resolve("blobs").resolve(parsed.algorithm()).resolve(parsed.hex());
  }

  Contents.InfoResponse info(Call call, Contents.InfoRequest question) {
    Path blob = blob(call, question.getDigest());
    return Contents.InfoResponse.newBuilder()
        .setInfo(
            Contents.Info.newBuilder()
                .setDigest(question.getDigest())
                .setSize(size(blob, question.getDigest())))
        .build();
  }

  private static long size(Path blob, String digest) {
    try {
      if (Files.isRegularFile(blob)) {
        return Files.size(blob);
      }
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot read " + blob + ": " + e.getMessage(), e);
    }
    throw new Fault.NotFound("content", digest, "content " + digest + ": not found");
  }

  void read(Call call) throws IOException {
    Contents.ReadContentRequest question = call.receiveOne(Contents.ReadContentRequest.parser());
    Path blob = blob(call, question.getDigest());
    long size = size(blob, question.getDigest());
    long at = Math.max(0, question.getOffset());
    long end = question.getSize() <= 0 ? size : Math.min(size, at + question.getSize());
    try (FileChannel file = FileChannel.open(blob, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
      while (at < end) {
        buffer.clear().limit((int) Math.min(CHUNK, end - at));
        int n = file.read(buffer, at);
        if (n < 0) {
          throw new Fault.DataLoss(blob + " became shorter while it was read");
        }
        call.send(
            Contents.ReadContentResponse.newBuilder()
                .setOffset(at)
                .setData(ByteString.copyFrom(buffer.flip()))
                .build());
        at += n;
      }
    }
  }

  void write(Call call) throws IOException {
    Contents.WriteContentRequest part = call.receiveOne(Contents.WriteContentRequest.parser());
    Path blob = blob(call, part.getExpected());
    Digest wanted = Digest.parse(part.getExpected());
    if (Files.exists(blob)) {
      throw new Fault.Conflict("blob with expected digest " + wanted + " exists");
    }
    Path folder = Files.createDirectories(blob.toAbsolutePath().getParent());
    Path fresh = Files.createTempFile(folder, ".new", "");
    try (OutputStream out = Files.newOutputStream(fresh)) {
      MessageDigest hasher = Digest.sha256Hasher();
      long offset = 0;
      for (Optional<Contents.WriteContentRequest> next = Optional.of(part);
          next.isPresent();
          next = call.receive(Contents.WriteContentRequest.parser())) {
        part = next.get();
        if (part.getOffset() != offset && part.getAction() != Contents.WriteAction.STAT) {
          throw new Fault.InvalidArgument(
              "write at %d, not at %d, of %s".formatted(part.getOffset(), offset, wanted));
        }
        byte[] data = part.getData().toByteArray();
        out.write(data);
        hasher.update(data);
        offset += data.length;
        if (part.getAction() == Contents.WriteAction.COMMIT) {
          commit(fresh, blob, wanted, Digest.sha256(hasher.digest()));
        }
        call.send(
            Contents.WriteContentResponse.newBuilder()
                .setAction(part.getAction())
                .setOffset(offset)
                .setTotal(part.getTotal())
                .setDigest(wanted.toString())
                .build());
      }
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void commit(Path fresh, Path blob, Digest wanted, Digest found)
      throws IOException {
    if (!wanted.equals(found)) {
      throw new Fault.DataLoss("what was written is %s, not %s".formatted(found, wanted));
    }
    Files.move(fresh, blob, StandardCopyOption.ATOMIC_MOVE);
  }
}
