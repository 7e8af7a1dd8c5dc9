package dev.kemas.cli.stream;

import dev.kemas.fault.Fault;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signals to this program, by {@code sun.misc.Signal}, which is the one way to catch one. The
 * compiler warns of that class and nothing can tell it not to, so it is reached by its name.
 *
 * <p>SIGQUIT and SIGUSR2 cannot be caught: the virtual machine keeps them for itself.
 */
public final class Signals {
  private static final String[] FORWARDED = {"HUP", "INT", "TERM", "USR1", "CONT"};

  private Signals() {}

  /**
   * Does the slow part of catching signals, on another thread: four milliseconds that pass while
   * the engine creates the container.
   */
  public static void warmUp() {
    Thread.ofPlatform().daemon().start(() -> handler(Signals::warmUp));
  }

  /** Calls {@code forward} with the name of each signal that a container should get. */
  public static void forward(Consumer<String> forward) {
    for (String name : FORWARDED) {
      handle(name, () -> forward.accept(name));
    }
  }

  /** Calls {@code resized} whenever the window of the terminal changes. */
  public static void onResize(Runnable resized) {
    handle("WINCH", resized);
  }

  private static void handle(String name, Runnable action) {
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
          Signals.class.getClassLoader(),
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
