package dev.kemas.cli.start;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.security.Provider;
import java.security.SecureRandomSpi;

/**
 * Random bytes from the kernel, as the JDK's own {@code NativePRNGNonBlocking} gives them, without
 * the seven milliseconds that loading the JDK's whole provider costs: opening a unix socket asks
 * for this one generator (docs/decisions/cli-start-up.md). Named first in the security properties
 * of the runtime that the command line is packaged with; the JDK's providers stay behind it.
 */
public final class KernelRandom extends Provider {
  @Serial private static final long serialVersionUID = 1L;
  private static final String ALGORITHM = "NativePRNGNonBlocking";

  /** For the service loader of the JDK. */
  public KernelRandom() {
    super("KemasKernelRandom", "1", "random bytes from /dev/urandom");
  }

  @Override
  public synchronized Service getService(String type, String algorithm) {
    boolean ours = type.equals("SecureRandom") && algorithm.equals(ALGORITHM);
    return ours ? new RandomService(this) : super.getService(type, algorithm);
  }

  private static final class RandomService extends Service {
    RandomService(Provider provider) {
      super(provider, "SecureRandom", ALGORITHM, Generator.class.getName(), null, null);
    }

    @Override
    public Object newInstance(Object parameter) {
      return new Generator();
    }
  }

  private static final class Generator extends SecureRandomSpi {
    @Serial private static final long serialVersionUID = 1L;

    @Override
    protected void engineSetSeed(byte[] seed) {}

    @Override
    protected void engineNextBytes(byte[] bytes) {
      try (InputStream kernel = new FileInputStream("/dev/urandom")) {
        if (kernel.readNBytes(bytes, 0, bytes.length) < bytes.length) {
          throw new IllegalStateException("/dev/urandom ended");
        }
      } catch (IOException e) {
        throw new IllegalStateException("/dev/urandom cannot be read", e);
      }
    }

    @Override
    protected byte[] engineGenerateSeed(int count) {
      byte[] bytes = new byte[count];
      engineNextBytes(bytes);
      return bytes;
    }
  }
}
