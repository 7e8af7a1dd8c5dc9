package dev.kemas.build.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CacheRuleTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final long PLENTY = Long.MAX_VALUE;

  private static CacheRecord record(
      String id, long bytes, int daysAgo, boolean inUse, boolean shared, String... parents) {
    Instant used = NOW.minus(Duration.ofDays(daysAgo));
    return new CacheRecord(
        id, "regular", "RUN " + id, List.of(parents), bytes, inUse, shared, used, used, 1);
  }

  private static CacheRecord record(String id, long bytes, int daysAgo, String... parents) {
    return record(id, bytes, daysAgo, false, false, parents);
  }

  private static List<String> chosen(CacheRule rule, long free, CacheRecord... records) {
    return rule.choose(List.of(records), NOW, free).stream().map(CacheRecord::id).toList();
  }

  private static CacheRule limited(long reserved, long maxUsed, long minFree) {
    return new CacheRule(
        false, Duration.ZERO, List.of(), new CacheLimits(reserved, maxUsed, minFree));
  }

  @Test
  void withoutLimitsEverythingGoesButWhatIsInUseAndWhatThatIsBuiltUpon() {
    assertThat(
            chosen(
                CacheRule.everything(false),
                PLENTY,
                record("below", 10, 9),
                record("used", 10, 9, true, false, "below"),
                record("loose", 10, 1)))
        .containsExactly("loose");
  }

  @Test
  void whatImagesShareGoesOnlyWithAll() {
    CacheRecord shared = record("shared", 10, 1, false, true);
    assertThat(chosen(CacheRule.everything(false), PLENTY, shared)).isEmpty();
    assertThat(chosen(CacheRule.everything(true), PLENTY, shared)).containsExactly("shared");
  }

  @Test
  void whatWasUsedLongestAgoGoesFirstUntilTheRestFits() {
    CacheRecord[] records = {record("a", 40, 3), record("b", 40, 2), record("c", 40, 1)};
    assertThat(chosen(limited(0, 90, 0), PLENTY, records)).containsExactly("a");
    assertThat(chosen(limited(0, 79, 0), PLENTY, records)).containsExactly("a", "b");
    assertThat(chosen(limited(0, 120, 0), PLENTY, records)).isEmpty();
    assertThat(chosen(limited(50, 0, 0), PLENTY, records)).containsExactly("a", "b");
  }

  @Test
  void freeSpaceIsMadeDownToWhatIsReserved() {
    CacheRecord[] records = {record("a", 40, 3), record("b", 40, 2), record("c", 40, 1)};
    assertThat(chosen(limited(0, 0, 100), 100, records)).isEmpty();
    assertThat(chosen(limited(0, 0, 100), 70, records)).containsExactly("a");
    assertThat(chosen(limited(80, 0, 100), 10, records)).containsExactly("a");
  }

  @Test
  void nothingGoesFromUnderWhatStays() {
    CacheRecord[] records = {
      record("bottom", 40, 9), record("top", 40, 1, "bottom"), record("other", 40, 5)
    };
    assertThat(chosen(limited(0, 80, 0), PLENTY, records)).containsExactly("other");
    assertThat(chosen(limited(0, 40, 0), PLENTY, records)).containsExactly("other", "top");
  }

  @Test
  void sharedBytesAreNotCountedTwice() {
    CacheRecord[] records = {record("mine", 40, 3), record("image's", 500, 1, false, true)};
    assertThat(
            chosen(
                new CacheRule(true, Duration.ZERO, List.of(), new CacheLimits(0, 100, 0)),
                PLENTY,
                records))
        .isEmpty();
  }

  @Test
  void filtersAndAgesBoundWhatGoes() {
    CacheRecord[] records = {record("a", 40, 3), record("b", 40, 1)};
    CacheFilter.Parsed old = CacheFilter.parse(Map.of("until", Set.of("48h")));
    assertThat(
            chosen(
                new CacheRule(false, old.unusedFor(), old.filters(), CacheLimits.NONE),
                PLENTY,
                records))
        .containsExactly("a");
    for (Map.Entry<String, String> only :
        Map.of("id", "b", "description", "N b", "type", "regular").entrySet()) {
      CacheFilter.Parsed parsed =
          CacheFilter.parse(Map.of(only.getKey(), Set.of(only.getValue()), "private", Set.of("1")));
      assertThat(
              chosen(
                  new CacheRule(false, Duration.ZERO, parsed.filters(), CacheLimits.NONE),
                  PLENTY,
                  records))
          .as(only.getKey())
          .contains("b");
    }
    assertThatThrownBy(() -> CacheFilter.parse(Map.of("colour", Set.of("red"))))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("colour");
    assertThatThrownBy(() -> CacheFilter.parse(Map.of("until", Set.of("soon"))))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("soon");
  }

  @Test
  void theUsualRulesTakeEasilyMadeThingsFirst() {
    Instant old = NOW.minus(Duration.ofDays(3));
    CacheRecord mount =
        new CacheRecord(
            "m", CacheRecord.CACHE_MOUNT, "", List.of(), 600_000_000, false, false, old, old, 1);
    CacheRecord step = record("s", 600_000_000, 3);
    CacheLimits limits = new CacheLimits(1_000_000_000, 2_000_000_000, 0);
    List<CacheRule> rules = CacheRule.usual(limits);
    assertThat(chosen(rules.getFirst(), PLENTY, mount, step)).containsExactly("m");
    assertThat(chosen(rules.get(2), PLENTY, mount, step)).isEmpty();
  }
}
