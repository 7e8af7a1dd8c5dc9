package dev.kemas.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.network.PortRequest.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several daemons on one host. */
final class InstancesTest {
  @TempDir Path folder;

  private static SandboxSpec server(int port) {
    return Lab.sandbox("server", "bridge")
        .withPorts(List.of(PortRequest.of(Protocol.TCP, 80, port)));
  }

  @Test
  void twoInstancesRunSideBySideAndOneGoesWithoutTheOther() throws IOException {
    try (Lab lab = new Lab(folder)) {
      MemoryRecords oneRecords = new MemoryRecords();
      Networks one = Networks.open(lab.settings("a").withSpares(1), oneRecords);
      one.reconcile(Set.of());
      Networks other = lab.open(lab.settings("ab").withSpares(1), new MemoryRecords());
      assertThat(other.get("bridge").ipam().getFirst().subnet())
          .isNotEqualTo(one.get("bridge").ipam().getFirst().subnet());
      one.create(NetworkSpec.of("web"));
      other.create(NetworkSpec.of("web"));

      Sandbox a = one.open(server(5000));
      Sandbox b = other.open(server(5001));
      lab.owns(Talk.serveTcp(lab.inside(a), 80, "one"));
      lab.owns(Talk.serveTcp(lab.inside(b), 80, "other"));
      assertThat(Talk.tcp(lab.outside, Lab.HOST, 5000)).startsWith("one");
      assertThat(Talk.tcp(lab.outside, Lab.HOST, 5001)).startsWith("other");
      assertThatThrownBy(() ->
              other.open(
                  Lab.sandbox("second", "bridge")
                      .withPorts(List.of(PortRequest.of(Protocol.TCP, 80, 5000)))))
          .isInstanceOf(Fault.Conflict.class)
          .hasMessageContaining("address already in use");

      // a start of the one leaves what belongs to the other alone
      one.close();
      Networks again = Networks.open(lab.settings("a"), oneRecords);
      again.reconcile(Set.of("server"));
      assertThat(Talk.tcp(lab.outside, Lab.HOST, 5000)).startsWith("one");
      assertThat(Talk.tcp(lab.outside, Lab.HOST, 5001)).startsWith("other");
      again.destroy();
      assertThat(Talk.tcp(lab.outside, Lab.HOST, 5001)).startsWith("other");
      assertThat(lab.rules()).doesNotContain("kemas_a ").contains("kemas_ab");
    }
  }
}
