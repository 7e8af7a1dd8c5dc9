package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.util.StringJoiner;

/**
 * Turns a negative result of a system call into a fault: the call, its arguments, the error number
 * by name, and what to do where that is known.
 */
final class Failure {
  private Failure() {}

  /**
   * @param result the negated error number that a call returned
   * @param call the function's name
   * @param arguments what it was called with, as a reader would like to see it
   */
  static Fault of(long result, String call, Object... arguments) {
    Errno errno = Errno.of((int) -result);
    StringJoiner text = new StringJoiner(", ", call + "(", ")");
    for (Object argument : arguments) {
      text.add(argument.toString());
    }
    String shown = text.toString();
    SystemCallError cause = new SystemCallError(shown, errno);
    String number = errno == Errno.UNKNOWN ? "errno " + -result : errno.name();
    String message = shown + ": " + errno.text() + " (" + number + ")" + advice(call, errno);
    return switch (errno) {
      case ENOENT, ENOTDIR, ESRCH, ENODATA, ENXIO, ENODEV ->
          new Fault.NotFound(
              kind(errno),
              arguments.length == 0 ? call : arguments[arguments.length - 1].toString(),
              message,
              cause);
      case EPERM, EACCES, EROFS -> new Fault.Forbidden(message, cause);
      case EEXIST, EBUSY, ENOTEMPTY, EISDIR, ETXTBSY, EADDRINUSE ->
          new Fault.Conflict(message, cause);
      case ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM, EFBIG ->
          new Fault.ResourceExhausted(message, cause);
      case ENOSYS, EOPNOTSUPP, EAFNOSUPPORT, EPROTONOSUPPORT ->
          new Fault.Unsupported(message, cause);
      case EAGAIN, ECONNREFUSED, ECONNRESET, EPIPE, ETIMEDOUT, ENOTCONN ->
          new Fault.Unavailable(message, cause);
      case ENAMETOOLONG, ELOOP, EXDEV -> new Fault.InvalidArgument(message, cause);
      default -> new Fault.Internal(message, cause);
    };
  }

  private static String kind(Errno errno) {
    return switch (errno) {
      case ESRCH -> "process";
      case ENODATA -> "attribute";
      case ENXIO, ENODEV -> "device";
      default -> "path";
    };
  }

  /** The privilege or the kernel version that is missing, where the pair tells. */
  private static String advice(String call, Errno errno) {
    if (errno == Errno.ENOSYS) {
      return switch (call) {
        case "openat2" -> "; needs Linux 5.6";
        case "pidfd_open" -> "; needs Linux 5.3";
        case "pidfd_send_signal" -> "; needs Linux 5.1";
        case "fsopen", "fsconfig", "fsmount", "move_mount", "open_tree" -> "; needs Linux 5.2";
        case "mount_setattr" -> "; needs Linux 5.12";
        default -> "; this kernel was built without it";
      };
    }
    if (errno != Errno.EPERM) {
      return errno == Errno.EMFILE || errno == Errno.ENFILE
          ? "; raise the limit of open files (ulimit -n)"
          : "";
    }
    return switch (call) {
      case "mount", "umount2", "fsopen", "fsmount", "move_mount", "open_tree", "mount_setattr" ->
          "; needs CAP_SYS_ADMIN";
      case "setns", "unshare" -> "; needs CAP_SYS_ADMIN";
      case "mknodat" -> "; needs CAP_MKNOD";
      case "fchownat" -> "; needs CAP_CHOWN";
      case "prlimit" -> "; raising a hard limit needs CAP_SYS_RESOURCE";
      case "kill", "pidfd_send_signal" -> "; needs CAP_KILL";
      case "socket", "bind", "sendmsg", "sendto" -> "; needs CAP_NET_ADMIN";
      case "lsetxattr" ->
          "; needs CAP_SYS_ADMIN for trusted.*, CAP_SETFCAP for security.capability";
      default -> "";
    };
  }
}
