package dev.kemas.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.linux.NetworkNamespace;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same duties for the library and for the program. */
final class NftablesTest {
  @TempDir Path folder;

  static Stream<Named<Supplier<Nftables>>> implementations() {
    return Stream.of(Named.of("library", NftLibrary::new), Named.of("program", NftProgram::find));
  }

  private void inside(Supplier<Nftables> implementation, Consumer<Nftables> work) {
    Path file = folder.resolve("ns");
    try (NetworkNamespace ns = NetworkNamespace.create(file)) {
      ns.run(() -> {
        try (Nftables nft = implementation.get()) {
          work.accept(nft);
        }
      });
    } finally {
      NetworkNamespace.remove(file);
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void aTextIsOneTransaction(Supplier<Nftables> implementation) {
    inside(
        implementation,
        nft -> {
          assertThatThrownBy(() -> nft.run("add table ip t\nadd rule ip t nochain accept\n"))
              .isInstanceOf(Fault.NotFound.class);
          assertThat(nft.run("list tables")).isEmpty();
          nft.run("table ip t {\n set s { type inet_service; }\n}\nadd element ip t s { 80 }\n");
          assertThat(nft.run("list set ip t s")).contains("80");
        });
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void printsJson(Supplier<Nftables> implementation) {
    inside(
        implementation,
        nft -> {
          nft.run("add table ip t");
          assertThat(nft.runJson("list tables")).startsWith("{\"nftables\":").contains("\"t\"");
          assertThat(nft.run("list tables")).startsWith("table ip t");
        });
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void tellsWhatIsThereFromWhatIsNot(Supplier<Nftables> implementation) {
    inside(
        implementation,
        nft -> {
          nft.run("add table ip t");
          assertThatThrownBy(() -> nft.run("create table ip t")).isInstanceOf(Fault.Conflict.class);
          assertThatThrownBy(() -> nft.run("delete table ip u")).isInstanceOf(Fault.NotFound.class);
          assertThatThrownBy(() -> nft.run("no such command"))
              .isInstanceOf(Fault.Internal.class)
              .hasMessageContaining("syntax error");
        });
  }
}
