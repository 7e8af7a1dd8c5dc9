package dev.kemas.file.transfer;

import dev.kemas.buildkit.wire.Files.Packet;
import dev.kemas.buildkit.wire.Files.Packet.PacketType;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.Call;
import java.util.Optional;
import java.util.OptionalLong;

/** The receiving end of a tree. */
public final class FileReceiver {
  private final Call call;
  private final FileTarget target;
  private boolean said;

  private FileReceiver(Call call, FileTarget target) {
    this.call = call;
    this.target = target;
  }

  /**
   * Receives a tree; on return all of it is there and the other end has been told so.
   *
   * @throws Fault what the target throws, after the other end has been told
   * @throws Fault.Conflict in the other end's words, when it cannot send
   * @throws Fault.Unavailable when the other end breaks off
   * @throws Fault.DataLoss when it does not keep to the protocol
   */
  public static void receive(Call call, FileTarget target) {
    FileReceiver receiver = new FileReceiver(call, target);
    try {
      receiver.run();
    } catch (Fault.Unavailable | Fault.Cancelled e) {
      throw e;
    } catch (Fault e) {
      receiver.tell(e);
      throw e;
    }
  }

  private void tell(Fault failure) {
    if (said) {
      return;
    }
    try {
      call.send(Packets.error(failure.getMessage()));
    } catch (Fault e) {
      failure.addSuppressed(e);
    }
  }

  private void run() {
    boolean finished = false;
    while (true) {
      Optional<Packet> next = call.receive(Packet.parser());
      if (next.isEmpty()) {
        if (finished) {
          return;
        }
        throw new Fault.Unavailable(
            "the other end stopped sending its files before all were here: try again");
      }
      Packet packet = next.get();
      switch (packet.getType()) {
        case PACKET_STAT -> stat(packet);
        case PACKET_DATA -> data(packet);
        case PACKET_FIN -> {
          if (!target.complete()) {
            throw new Fault.DataLoss(
                "the other end ends a transfer of files that is not at its end");
          }
          finished = true;
        }
        case PACKET_ERR -> {
          said = true;
          throw new Fault.Conflict(
              "the other end cannot send its files: " + packet.getData().toStringUtf8());
        }
        case PACKET_REQ, UNRECOGNIZED ->
            throw new Fault.DataLoss(
                "the other end sends a packet of type "
                    + packet.getTypeValue()
                    + " with its files");
      }
      ask();
    }
  }

  private void stat(Packet packet) {
    if (packet.hasStat()) {
      target.announce(Packets.entry(packet.getStat()));
    } else {
      target.announced();
    }
  }

  private void data(Packet packet) {
    long id = Integer.toUnsignedLong(packet.getId());
    if (packet.getData().isEmpty()) {
      target.received(id);
    } else {
      target.receive(id, packet.getData().asReadOnlyByteBuffer());
    }
  }

  private void ask() {
    for (OptionalLong id = target.next(); id.isPresent(); id = target.next()) {
      call.send(Packets.of(PacketType.PACKET_REQ, id.getAsLong()));
    }
    if (!said && target.complete()) {
      call.send(Packets.of(PacketType.PACKET_FIN, 0));
      said = true;
    }
  }
}
