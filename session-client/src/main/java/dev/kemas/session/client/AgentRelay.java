package dev.kemas.session.client;

import com.google.protobuf.ByteString;
import dev.kemas.buildkit.wire.Ssh.BytesMessage;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.Call;
import dev.kemas.linux.UnixSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Carries questions to an ssh agent and its answers back, one after the other. A build may have the
 * keys listed and have things signed; it may not add or remove keys, lock the agent, or use its
 * extensions (draft-miller-ssh-agent, section 3).
 */
final class AgentRelay {
  private static final int REQUEST_IDENTITIES = 11;
  private static final int SIGN_REQUEST = 13;

  /** A message of one byte that says {@code SSH_AGENT_FAILURE}. */
  private static final byte[] FAILURE = {0, 0, 0, 1, 5};

  /** OpenSSH's agent takes no longer message. */
  private static final int MOST = 256 * 1024;

  private final Call call;
  private byte[] left = new byte[0];

  private AgentRelay(Call call) {
    this.call = call;
  }

  /** Until the other end has no more questions. */
  static void relay(Call call, Path agent) {
    try (UnixSocket socket = UnixSocket.connect(agent, UnixSocket.Kind.STREAM)) {
      call.whenCut(socket::close);
      AgentRelay relay = new AgentRelay(call);
      Optional<byte[]> question = relay.question();
      while (question.isPresent()) {
        byte[] bytes = question.get();
        int type = bytes.length > 4 ? bytes[4] & 0xFF : 0;
        if (type == REQUEST_IDENTITIES || type == SIGN_REQUEST) {
          socket.send(bytes, 0, bytes.length);
          relay.answer(receive(socket));
        } else {
          relay.answer(FAILURE);
        }
        question = relay.question();
      }
    }
  }

  private void answer(byte[] message) {
    call.send(BytesMessage.newBuilder().setData(ByteString.copyFrom(message)).build());
  }

  /** The next whole question with its length; empty at the end. */
  private Optional<byte[]> question() {
    while (true) {
      if (left.length >= 4) {
        int length = 4 + length(left);
        if (left.length >= length) {
          byte[] question = Arrays.copyOf(left, length);
          left = Arrays.copyOfRange(left, length, left.length);
          return Optional.of(question);
        }
      }
      Optional<BytesMessage> next = call.receive(BytesMessage.parser());
      if (next.isEmpty()) {
        return Optional.empty();
      }
      byte[] more = next.get().getData().toByteArray();
      byte[] joined = Arrays.copyOf(left, left.length + more.length);
      System.arraycopy(more, 0, joined, left.length, more.length);
      left = joined;
    }
  }

  private static int length(byte[] message) {
    int length = ByteBuffer.wrap(message).getInt();
    if (length < 0 || length > MOST) {
      throw new Fault.InvalidArgument("a message to an ssh agent claims " + length + " bytes");
    }
    return length;
  }

  private static byte[] receive(UnixSocket socket) {
    byte[] head = fill(socket, new byte[4], 0);
    return fill(socket, Arrays.copyOf(head, 4 + length(head)), 4);
  }

  private static byte[] fill(UnixSocket socket, byte[] message, int from) {
    int at = from;
    while (at < message.length) {
      byte[] part = new byte[message.length - at];
      int n = socket.receive(part);
      if (n < 0) {
        throw new Fault.Unavailable("the ssh agent went away in the middle of an answer");
      }
      System.arraycopy(part, 0, message, at, n);
      at += n;
    }
    return message;
  }
}
