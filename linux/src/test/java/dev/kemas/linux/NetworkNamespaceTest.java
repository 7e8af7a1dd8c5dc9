package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NetworkNamespaceTest {
  @TempDir Path folder;

  @Test
  void outlivesTheThreadThatMadeItAndIsGoneAfterRemoval() throws IOException {
    Path file = folder.resolve("ns");
    NetworkNamespace.create(file).close();
    try {
      assertThat(NetworkNamespace.isNamespace(file)).isTrue();
      try (NetworkNamespace ns = NetworkNamespace.open(file)) {
        Path outside = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
        Path inside = ns.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")));
        assertThat(inside).isNotEqualTo(outside);
        assertThat(Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"))).isEqualTo(outside);
      }
    } finally {
      NetworkNamespace.remove(file);
    }
    assertThat(file).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(file.toString());
    NetworkNamespace.remove(file);
  }

  @Test
  void isNotLeftBehindWhenTheWorkInsideFails() throws IOException {
    Path file = folder.resolve("ns");
    assertThatThrownBy(() ->
            NetworkNamespace.create(
                file,
                ns -> {
                  ns.close();
                  throw new Fault.Conflict("on purpose");
                }))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessage("on purpose");
    assertThat(file).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(file.toString());
  }

  @Test
  void aFileThatKeepsNoneIsNotFound() throws IOException {
    Path file = Files.createFile(folder.resolve("plain"));
    assertThatThrownBy(() -> NetworkNamespace.open(file)).isInstanceOf(Fault.NotFound.class);
    assertThatThrownBy(() -> NetworkNamespace.open(folder.resolve("missing")))
        .isInstanceOf(Fault.NotFound.class);
    NetworkNamespace.remove(file);
    assertThat(file).doesNotExist();
  }

  @Test
  void hasKernelParametersOfItsOwn() {
    Path file = folder.resolve("ns");
    try (NetworkNamespace ns = NetworkNamespace.create(file)) {
      ns.run(() -> Sysctl.write("net/ipv4/ip_forward", "1"));
      assertThat(ns.call(() -> Sysctl.read("net/ipv4/ip_forward"))).contains("1");
      ns.run(() -> Sysctl.write("net/ipv4/ip_forward", "0"));
      assertThat(ns.call(() -> Sysctl.read("net/ipv4/ip_forward"))).contains("0");
      assertThat(Sysctl.read("net/ipv4/ip_local_port_range").orElseThrow()).matches("\\d+\\s+\\d+");
      assertThat(Sysctl.read("net/ipv4/no_such_parameter")).isEmpty();
      assertThatThrownBy(() -> Sysctl.write("net/ipv4/no_such_parameter", "1"))
          .isInstanceOf(Fault.Unsupported.class);
    } finally {
      NetworkNamespace.remove(file);
    }
  }
}
