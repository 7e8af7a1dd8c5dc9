package dev.kemas.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CreateRequestTest {
  private static CreateRequest read(String json) {
    return Json.read(json, CreateRequest.class, "container configuration");
  }

  @Test
  void whatIsLeftOutHasItsEmptyValue() {
    CreateRequest request = read("{\"Image\":\"busybox\"}");
    assertThat(request.config().image()).isEqualTo("busybox");
    assertThat(request.config().cmd()).isEmpty();
    assertThat(request.config().stopTimeout()).isEmpty();
    assertThat(request.hostConfig().resources().memory()).isZero();
    assertThat(request.hostConfig().restartPolicy()).isEqualTo(HostConfig.RestartPolicy.NO);
    assertThat(request.networkingConfig().endpoints()).isEmpty();
  }

  @Test
  void nullsAreLikeFieldsLeftOut() {
    CreateRequest request =
        read(
            "{\"Image\":\"b\",\"Cmd\":null,\"Env\":null,\"Labels\":null,\"HostConfig\":{\"Binds\":null,"
                + "\"PidsLimit\":null,\"OomKillDisable\":null,\"RestartPolicy\":null},"
                + "\"NetworkingConfig\":{\"EndpointsConfig\":null}}");
    assertThat(request.config().env()).isEmpty();
    assertThat(request.hostConfig().resources().pidsLimit()).isEmpty();
    assertThat(request.hostConfig().binds()).isEmpty();
  }

  @Test
  void theHostsLimitsLieFlatBesideTheRest() {
    CreateRequest request =
        read(
            "{\"Image\":\"b\",\"Cmd\":\"top\",\"Entrypoint\":[\"\"],\"Unknown\":1,"
                + "\"HostConfig\":{\"Memory\":1048576,\"PidsLimit\":7,\"Binds\":[\"/a:/b\"],"
                + "\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"8080\"}]}}}");
    assertThat(request.config().cmd()).contains(List.of("top"));
    assertThat(request.config().entrypoint()).contains(List.of(""));
    assertThat(request.hostConfig().resources().memory()).isEqualTo(1048576);
    assertThat(request.hostConfig().resources().pidsLimit()).hasValue(7);
    assertThat(Json.read(Json.write(request), CreateRequest.class, "x")).isEqualTo(request);
    assertThat(Json.text(request.hostConfig())).contains("\"Memory\":1048576");
  }

  @Test
  void aWrongTypeIsRefused() {
    assertThatThrownBy(() -> read("{\"Image\":\"b\",\"Cmd\":{\"a\":1}}"))
        .isInstanceOf(Fault.InvalidArgument.class);
    assertThatThrownBy(() -> read("{\"Image\":\"b\",\"HostConfig\":{\"Memory\":\"x\"}}"))
        .isInstanceOf(Fault.InvalidArgument.class);
  }
}
