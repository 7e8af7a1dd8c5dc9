package dev.kemas.buildkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.buildkit.wire.Ops;
import dev.kemas.fault.Fault;
import org.junit.jupiter.api.Test;

/** Results that clients hand from one build to another. */
final class DefinitionsTest {
  @Test
  void aResultComesBackAsItWent() {
    assertThat(Definitions.result(Definitions.of("build", "build-1")))
        .isEqualTo(new Definitions.Result("build", "build-1"));
  }

  @Test
  void anyOtherGraphIsRefused() {
    Ops.Definition image =
        Ops.Definition.newBuilder()
            .addDef(
                Ops.Op.newBuilder()
                    .setSource(Ops.SourceOp.newBuilder().setIdentifier("docker-image://a"))
                    .build()
                    .toByteString())
            .build();
    assertThatThrownBy(() -> Definitions.result(image)).isInstanceOf(Fault.Unsupported.class);
  }
}
