package dev.kemas.fault;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The closed family of errors. The class says what the caller can do about it; the message names
 * the thing, the cause and the next step, in the words a Docker user knows. Edges (HTTP statuses,
 * exit codes) map it with an exhaustive switch, so a new member breaks every edge that must decide.
 */
public abstract sealed class Fault extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private Fault(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The message; never null in this family. */
  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? getClass().getSimpleName() : message;
  }

  /** The named object does not exist. */
  public static final class NotFound extends Fault {
    @Serial private static final long serialVersionUID = 1L;
    private final String kind;
    private final String id;

    /**
     * @param kind what was looked for: {@code container}, {@code image}, {@code volume}, ...
     * @param id the name or id that was asked for
     * @param message the text for the user
     */
    public NotFound(String kind, String id, String message) {
      super(message, null);
      this.kind = kind;
      this.id = id;
    }

    /** The same, keeping what failed underneath. */
    public NotFound(String kind, String id, String message, Throwable cause) {
      super(message, cause);
      this.kind = kind;
      this.id = id;
    }

    /** What was looked for. */
    public String kind() {
      return kind;
    }

    /** The name or id that was asked for. */
    public String id() {
      return id;
    }
  }

  /** The request collides with the present state: a name in use, an object still needed. */
  public static final class Conflict extends Fault {
    @Serial private static final long serialVersionUID = 1L;

    public Conflict(String message) {
      super(message, null);
    }

    public Conflict(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The request itself is wrong and will stay so; the message names the field. */
  public static final class InvalidArgument extends Fault {
    @Serial private static final long serialVersionUID = 1L;

    public InvalidArgument(String message) {
      super(message, null);
    }

    public InvalidArgument(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Nothing to do: the object is already as asked for. */
  public static final class NotModified extends Fault {
    @Serial private static final long serialVersionUID = 1L;

    public NotModified(String message) {
      super(message, null);
    }
  }

  /** The caller or the host's policy does not allow it. */
  public static final class Forbidden extends Fault {
    @Serial private static final long serialVersionUID = 1L;

    public Forbidden(String message) {
      super(message, null);
    }

    public Forbidden(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Credentials are missing or were refused. */
  public static final class Unauthenticated extends Fault {
    @Serial private static final long serialVersionUID = 1L;

    public Unauthenticated(String message) {
      super(message, null);
    }
  }

  /** Something needed is not there now; trying again later may succeed. */
  public static final class Unavailable extends Fault {
    @Serial private static final long serialVersionUID = 1L;

    public Unavailable(String message) {
      super(message, null);
    }

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** This host or this version cannot do it; the message says what is missing. */
  public static final class Unsupported extends Fault {
    @Serial private static final long serialVersionUID = 1L;

    public Unsupported(String message) {
      super(message, null);
    }

    public Unsupported(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** A limit was reached: disk, memory, address pool, size of a request. */
  public static final class ResourceExhausted extends Fault {
    @Serial private static final long serialVersionUID = 1L;

    public ResourceExhausted(String message) {
      super(message, null);
    }

    public ResourceExhausted(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Stored or received bytes are not what their digest or length says. */
  public static final class DataLoss extends Fault {
    @Serial private static final long serialVersionUID = 1L;

    public DataLoss(String message) {
      super(message, null);
    }

    public DataLoss(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The caller went away or asked to stop. */
  public static final class Cancelled extends Fault {
    @Serial private static final long serialVersionUID = 1L;

    public Cancelled(String message) {
      super(message, null);
    }
  }

  /** A failure that the caller can do nothing about; the cause is kept. */
  public static final class Internal extends Fault {
    @Serial private static final long serialVersionUID = 1L;

    public Internal(String message) {
      super(message, null);
    }

    public Internal(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
