package dev.kemas.build.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.build.StepParts;
import dev.kemas.linux.KernelMounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchedShelfTest {
  @TempDir Path temp;

  @Test
  void whatWasFetchedIsListedAndGoesOneByOne() throws IOException {
    Path repository = Files.createDirectories(temp.resolve("git/one"));
    Files.writeString(repository.resolve("remote"), "https://example.com/a.git");
    StepParts parts = StepParts.open(temp, new KernelMounter(), Clock.systemUTC());
    Files.writeString(temp.resolve("web/files/" + "ab".repeat(32)), "content");
    Files.writeString(temp.resolve("web/files/" + "cd".repeat(32)), "other");
    FetchedShelf shelf = new FetchedShelf(parts);

    List<CacheRecord> all = shelf.records();

    assertThat(all)
        .extracting(CacheRecord::type)
        .containsExactlyInAnyOrder("source.git.checkout", "source.http", "source.http");
    assertThat(all)
        .anyMatch(record -> record.description().endsWith("https://example.com/a.git"))
        .anyMatch(record -> record.bytes() == "content".length());
    Set<String> some =
        all.stream()
            .filter(record -> !record.description().contains("cd"))
            .map(CacheRecord::id)
            .collect(Collectors.toSet());
    shelf.drop(some);
    assertThat(shelf.records()).hasSize(1);
    assertThat(repository).doesNotExist();
    assertThat(temp.resolve("web/files/" + "cd".repeat(32))).exists();
  }

  @Test
  void nothingIsThereBeforeABuildFetchesSomething() {
    StepParts parts = StepParts.open(temp, new KernelMounter(), Clock.systemUTC());

    assertThat(new FetchedShelf(parts).records()).isEmpty();
    assertThat(temp.resolve("git")).doesNotExist();
  }
}
