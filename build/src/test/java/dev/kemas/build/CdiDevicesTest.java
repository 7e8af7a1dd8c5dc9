package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.dockerfile.Device;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CdiDevicesTest {
  private static final String SPEC =
      """
      {"cdiVersion": "0.6.0", "kind": "vendor.com/gpu",
       "devices": [
        {"name": "0", "containerEdits": {"deviceNodes": [{"path": "/dev/gpu0", "hostPath": "/dev/null"}]}},
        {"name": "1", "containerEdits": {"deviceNodes": [{"path": "/dev/gpu1", "hostPath": "/dev/zero", "permissions": "r"}]}},
        {"name": "all", "containerEdits": {"env": ["ALL=1"]}}],
       "containerEdits": {
        "env": ["VENDOR=yes"],
        "mounts": [{"hostPath": "/usr/lib/x", "containerPath": "/lib/x", "options": ["ro", "nosuid"]}],
        "hooks": [{"hookName": "createContainer", "path": "/bin/hook", "args": ["hook", "a"]}]}}
      """;

  @TempDir Path folder;
  private CdiDevices devices;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("vendor.json"), SPEC);
    devices = new CdiDevices(List.of(folder, Path.of("/no/such/folder")));
  }

  @Test
  void aDeviceBringsItsNodesAndWhatAllOfItsVendorNeed() {
    CdiDevices.Edits edits = devices.find(List.of(new Device("vendor.com/gpu=1", true)));

    assertThat(edits.nodes()).hasSize(1);
    assertThat(edits.nodes().getFirst().node().path()).isEqualTo("/dev/gpu1");
    assertThat(edits.nodes().getFirst().node().minor()).hasValue(5);
    assertThat(edits.nodes().getFirst().access()).isEqualTo("r");
    assertThat(edits.env()).containsExactly("VENDOR=yes");
    assertThat(edits.mounts().getFirst().options()).containsExactly("ro", "nosuid", "rbind");
    assertThat(edits.hooks().orElseThrow().createContainer()).hasSize(1);
  }

  @Test
  void theClassAloneIsAllOfIt() {
    assertThat(devices.find(List.of(new Device("vendor.com/gpu", true))).nodes()).hasSize(2);
    assertThat(devices.find(List.of(new Device("vendor.com/gpu=all", true))).env())
        .containsExactly("ALL=1", "VENDOR=yes");
  }

  @Test
  void whatIsNotThereIsToldWithWhatIs() {
    assertThat(devices.find(List.of(new Device("vendor.com/gpu=7", false))))
        .isEqualTo(CdiDevices.Edits.NONE);
    assertThatThrownBy(() -> devices.find(List.of(new Device("vendor.com/gpu=7", true))))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining("vendor.com/gpu=0, vendor.com/gpu=1");
  }

  @Test
  void whatIsWrittenInYamlIsReadAsWell() throws IOException {
    Files.writeString(
        folder.resolve("other.yaml"),
        """
        ---
        cdiVersion: 0.6.0
        kind: other.com/card
        containerEdits:
          env: [OTHER=yes]
        devices:
          - name: 0
            containerEdits:
              env:
                - CARD=0
              mounts:
                - hostPath: /usr/lib/driver
                  containerPath: /driver
                  options: [ro, nosuid]
        """);

    CdiDevices.Edits edits = devices.find(List.of(new Device("other.com/card=0", true)));

    assertThat(edits.env()).containsExactly("CARD=0", "OTHER=yes");
    assertThat(edits.mounts().getFirst().destination()).isEqualTo("/driver");
    assertThat(devices.find(List.of(new Device("vendor.com/gpu=all", true))).env())
        .containsExactly("ALL=1", "VENDOR=yes");
  }

  @Test
  void aFileThatCannotBeReadIsNotPassedOver() throws IOException {
    Files.writeString(folder.resolve("other.yml"), "kind: [other\n");

    assertThatThrownBy(() -> devices.find(List.of(new Device("vendor.com/gpu=0", true))))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("other.yml");
  }
}
