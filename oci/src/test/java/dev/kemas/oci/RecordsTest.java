package dev.kemas.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RecordsTest {
  private static final Digest EMPTY = Digest.of(new byte[0]);

  @Test
  void aDigestIsItsText() {
    assertThat(EMPTY.toString())
        .isEqualTo("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(Digest.parse(EMPTY.toString())).isEqualTo(EMPTY);
    assertThatThrownBy(() -> Digest.parse("md5:d41d8cd98f00b204e9800998ecf8427e"))
        .isInstanceOf(Fault.InvalidArgument.class);
    assertThatThrownBy(() -> Digest.parse("sha256:../../etc/passwd"))
        .isInstanceOf(Fault.InvalidArgument.class);
  }

  @Test
  void theChainIdOfOneLayerIsItsDiffId() {
    assertThat(ChainId.of(List.of(EMPTY))).contains(EMPTY);
    assertThat(ChainId.of(List.of(EMPTY, EMPTY)))
        .contains(
            Digest.of((EMPTY + " " + EMPTY).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertThat(ChainId.of(List.of())).isEmpty();
  }

  @Test
  void anImageConfigurationComesBackAsWritten() {
    String json =
        """
        {"created":"2024-05-01T10:00:00.123456789Z","architecture":"amd64","os":"linux",\
        "config":{"Env":["PATH=/bin"],"Cmd":["sh"],"ExposedPorts":{"80/tcp":{}},"Labels":{"a":"b"}},\
        "rootfs":{"type":"layers","diff_ids":["%s"]},"history":[{"created_by":"x"},\
        {"created_by":"y","empty_layer":true}]}\
        """
            .formatted(EMPTY);
    ImageConfig config = Json.read(json, ImageConfig.class, "image configuration");
    assertThat(config.defaults().cmd()).contains(List.of("sh"));
    assertThat(config.history())
        .extracting(ImageConfig.History::emptyLayer)
        .containsExactly(false, true);
    assertThat(Json.read(Json.write(config), ImageConfig.class, "x")).isEqualTo(config);
    assertThat(Json.mapper().valueToTree(config).toString())
        .contains("\"created\":\"2024-05-01T10:00:00.123456789Z\"")
        .doesNotContain("Entrypoint");
  }

  @Test
  void anEmptyEntrypointIsNotAnAbsentOne() {
    ProcessDefaults reset = Json.read("{\"Entrypoint\":[]}", ProcessDefaults.class, "x");
    assertThat(reset.entrypoint()).contains(List.of());
    assertThat(Json.read(Json.write(reset), ProcessDefaults.class, "x").entrypoint())
        .contains(List.of());
    assertThat(Json.read("{\"Entrypoint\":null}", ProcessDefaults.class, "x").entrypoint())
        .isEmpty();
  }

  @Test
  void aRuntimeSpecificationLeavesOutWhatIsNotSet() {
    RuntimeSpec.Process process =
        new RuntimeSpec.Process(
            false,
            Optional.empty(),
            RuntimeSpec.User.root(),
            List.of("true"),
            List.of(),
            "/",
            Optional.empty(),
            List.of(),
            false,
            Optional.empty(),
            java.util.OptionalInt.empty(),
            Optional.empty());
    assertThat(Json.text(process))
        .isEqualTo("{\"user\":{\"uid\":0,\"gid\":0},\"args\":[\"true\"],\"cwd\":\"/\"}");
  }

  @Test
  void brokenJsonIsBlamedOnWhatItWasMeantToBe() {
    assertThatThrownBy(() -> Json.read("{", Manifest.class, "image manifest"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("invalid image manifest");
  }
}
