package dev.kemas.buildkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filters of cache records. */
final class CacheFilterTest {
  private static final CacheRecords.Kept KEPT =
      new CacheRecords.Kept(
          "abc", "regular", "layer x", 1, Instant.EPOCH, Instant.EPOCH, 0, false, true, List.of());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | true",
        "id==abc | true",
        "id==ab | false",
        "id~=^a | true",
        "id!=abc | false",
        "type==regular,shared | true",
        "type==regular,inuse | false",
        "private | false",
      })
  void holdsOrNot(String filter, boolean holds) {
    assertThat(CacheFilter.accepts(List.of(filter), KEPT)).isEqualTo(holds);
  }

  @ParameterizedTest
  @CsvSource({"id~=(", "nothing==1", "==1"})
  void refusesWhatIsNoFilter(String filter) {
    assertThatThrownBy(() -> CacheFilter.accepts(List.of(filter), KEPT))
        .isInstanceOf(Fault.InvalidArgument.class);
  }
}
