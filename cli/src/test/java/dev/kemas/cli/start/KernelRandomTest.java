package dev.kemas.cli.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

final class KernelRandomTest {
  @Test
  void givesTheKernelsBytesAndNothingElse() throws NoSuchAlgorithmException {
    KernelRandom provider = new KernelRandom();
    SecureRandom random = SecureRandom.getInstance("NativePRNGNonBlocking", provider);
    byte[] first = new byte[32];
    byte[] second = new byte[32];
    random.nextBytes(first);
    random.nextBytes(second);
    assertThat(first).isNotEqualTo(second).isNotEqualTo(new byte[32]);
    assertThatThrownBy(() -> SecureRandom.getInstance("SHA1PRNG", provider))
        .isInstanceOf(NoSuchAlgorithmException.class);
  }
}
