package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Signals to this process, by {@code sun.misc.Signal}, which is the one way to catch one. The
 * compiler warns of that class and nothing can tell it not to, so it is reached by its name.
 *
 * <p>SIGQUIT and SIGUSR2 cannot be caught: the virtual machine keeps them for itself.
 */
public final class SignalHandler {
  private SignalHandler() {}

  /** Does the slow part of catching signals, some milliseconds, and catches none. */
  public static void warmUp() {
    handler(SignalHandler::warmUp);
  }

  /**
   * Does the action, on a thread of its own, whenever the signal comes; in place of what was done
   * before.
   *
   * @param name without SIG, such as {@code HUP}
   */
  public static void on(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> type = Class.forName("sun.misc.SignalHandler");
      signal
          .getMethod("handle", signal, type)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), handler(action));
    } catch (ReflectiveOperationException e) {
      throw new Fault.Internal("SIG" + name + " cannot be caught: " + e, e);
    }
  }

  private static Object handler(Runnable action) {
    try {
      return Proxy.newProxyInstance(
          SignalHandler.class.getClassLoader(),
          new Class<?>[] {Class.forName("sun.misc.SignalHandler")},
          (self, method, arguments) -> handled(method, action));
    } catch (ClassNotFoundException e) {
      throw new Fault.Internal("signals cannot be caught: " + e, e);
    }
  }

  private static Object handled(Method method, Runnable action) {
    if (method.getName().equals("handle")) {
      // one thread hands out all signals: it must not wait for an answer of the engine
      Thread.ofPlatform().daemon().start(action);
    }
    return "signal handler";
  }
}
