package dev.kemas.cli.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.api.client.Json;
import dev.kemas.flag.UsageError;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpecsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "80|{\"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"\"}]}",
        "8080:80|{\"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8080\"}]}",
        "127.0.0.1:8080:80/udp|{\"80/udp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"8080\"}]}",
        "127.0.0.1::80|{\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"\"}]}",
        "[::1]:8080:80|{\"80/tcp\":[{\"HostIp\":\"::1\",\"HostPort\":\"8080\"}]}",
        "8000-8001:80-81|{\"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8000\"}],\"81/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8001\"}]}",
        "8000-8009:80|{\"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8000-8009\"}]}",
        "target=80,published=8080|{\"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8080\"}]}"
      })
  void publishedPorts(String spec, String bindings) {
    assertThat(PublishedPorts.of(List.of(spec), List.of()).bindings().write()).isEqualTo(bindings);
  }

  @Test
  void oneContainerPortMayBePublishedTwice() {
    assertThat(
            PublishedPorts.of(List.of("1:80", "2:80"), List.of()).bindings().get("80/tcp").items())
        .hasSize(2);
  }

  @Test
  void exposedPortsAndRanges() {
    assertThat(PublishedPorts.of(List.of(), List.of("80", "90-92/udp")).exposed().fields())
        .containsOnlyKeys("80/tcp", "90/udp", "91/udp", "92/udp");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "foo|invalid containerPort: foo",
        "x:80|invalid hostPort: x",
        "99999:80|invalid hostPort: 99999",
        "80/icmp|invalid proto: icmp",
        "nohost:80:80|invalid IP address: nohost",
        "8000-8002:80-81|invalid ranges specified for container and host Ports",
        "8080:|no port specified"
      })
  void badPortsAreNamed(String spec, String message) {
    assertThatThrownBy(() -> PublishedPorts.of(List.of(spec), List.of()))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining(message);
  }

  @Test
  void volumesWithAndWithoutASource() {
    Json.Obj anonymous = Json.object();
    String here = Path.of("").toAbsolutePath().toString();
    assertThat(VolumeSpecs.split(List.of("/data", "name:/d:ro", "./x:/y", "/a:/b"), anonymous))
        .containsExactly("name:/d:ro", here + "/x:/y", "/a:/b");
    assertThat(anonymous.fields()).containsOnlyKeys("/data");
    assertThatThrownBy(() -> VolumeSpecs.split(List.of(":/x"), anonymous))
        .hasMessageContaining("empty section between colons");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type=bind,src=/a,dst=/b,readonly|{\"Type\":\"bind\",\"Source\":\"/a\",\"Target\":\"/b\",\"ReadOnly\":true}",
        "source=v,target=/b,volume-nocopy|{\"Type\":\"volume\",\"Source\":\"v\",\"Target\":\"/b\",\"VolumeOptions\":{\"NoCopy\":true}}",
        "type=tmpfs,dst=/t,tmpfs-size=64m,tmpfs-mode=1770|{\"Type\":\"tmpfs\",\"Target\":\"/t\",\"TmpfsOptions\":{\"SizeBytes\":67108864,\"Mode\":1016}}",
        "type=bind,\"src=/a,b\",dst=/c|{\"Type\":\"bind\",\"Source\":\"/a,b\",\"Target\":\"/c\"}"
      })
  void mounts(String text, String json) {
    assertThat(MountSpec.parse(text).write()).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type=bind,src=/a|target is required",
        "type=bind,src=/a,dst=/b,nope=1|unexpected key 'nope'",
        "dst=/b,nope|must be a key=value pair",
        "type=bind,dst=/b,tmpfs-size=1|cannot mix 'tmpfs-*' options with mount type 'bind'"
      })
  void badMountsAreNamed(String text, String message) {
    assertThatThrownBy(() -> MountSpec.parse(text)).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|''",
        "[{\"PrivatePort\":80,\"Type\":\"tcp\"}]|80/tcp",
        "[{\"IP\":\"0.0.0.0\",\"PrivatePort\":80,\"PublicPort\":8080,\"Type\":\"tcp\"}]|0.0.0.0:8080->80/tcp",
        "[{\"IP\":\"::\",\"PrivatePort\":80,\"PublicPort\":80,\"Type\":\"tcp\"}]|[::]:80->80/tcp",
        "[{\"PrivatePort\":82,\"Type\":\"tcp\"},{\"PrivatePort\":80,\"Type\":\"tcp\"},{\"PrivatePort\":81,\"Type\":\"tcp\"}]|80-82/tcp",
        "[{\"IP\":\"1.1.1.1\",\"PrivatePort\":80,\"PublicPort\":80,\"Type\":\"tcp\"},{\"IP\":\"1.1.1.1\",\"PrivatePort\":81,\"PublicPort\":81,\"Type\":\"tcp\"}]|1.1.1.1:80-81->80-81/tcp"
      })
  void portsColumn(String json, String text) {
    assertThat(Ports.display(Json.parse(json))).isEqualTo(text);
  }

  @Test
  void devicesByPathAndByName() {
    Json.Obj host = Json.object();
    DeviceSpecs.into(
        host, List.of("/dev/a", "/dev/a:/dev/b:r", "nvidia.com/gpu=all"), List.of("all"));
    assertThat(host.get("Devices").items().get(1).write())
        .isEqualTo(
            "{\"PathOnHost\":\"/dev/a\",\"PathInContainer\":\"/dev/b\",\"CgroupPermissions\":\"r\"}");
    assertThat(host.get("DeviceRequests").write())
        .isEqualTo(
            "[{\"Driver\":\"cdi\",\"DeviceIDs\":[\"nvidia.com/gpu=all\"]},"
                + "{\"Driver\":\"\",\"Count\":-1,\"Capabilities\":[[\"gpu\"]]}]");
  }

  @ParameterizedTest
  @CsvSource({
    "executable file not found in $PATH,127",
    "no such file or directory,127",
    "permission denied,126",
    "Conflict. The container name is in use,125"
  })
  void theWordsOfAFailedStartGiveTheStatus(String text, int status) {
    assertThat(StartFailure.status("Error response from daemon: " + text)).isEqualTo(status);
  }
}
