package dev.kemas.nftables;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Errno;
import java.util.function.Function;

/** Sorts what nft says about a failure; it tells the error number only as a text. */
final class NftComplaint {
  private NftComplaint() {}

  static Fault of(String text, Function<Errno, String> strerror) {
    String message = "nft: " + text.strip();
    if (text.contains(strerror.apply(Errno.ENOENT))) {
      return new Fault.NotFound("nftables object", "", message);
    }
    if (text.contains(strerror.apply(Errno.EEXIST))) {
      return new Fault.Conflict(message);
    }
    if (text.contains(strerror.apply(Errno.EPERM))) {
      return new Fault.Forbidden(message + "; needs CAP_NET_ADMIN");
    }
    if (text.contains(strerror.apply(Errno.EOPNOTSUPP))) {
      return new Fault.Unsupported(message + "; this kernel lacks a part of nftables");
    }
    return new Fault.Internal(message);
  }
}
