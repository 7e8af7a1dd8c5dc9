package dev.kemas.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HumanTest {
  @ParameterizedTest
  @CsvSource({
    "0,0B,0B,0B",
    "999,999B,999B,999B",
    "1000,1kB,1kB,1000B",
    "1913,1.91kB,1.913kB,1.868KiB",
    "1984123,1.98MB,1.984MB,1.892MiB",
    "199000,199kB,199kB,194.3KiB",
    "123456789,123MB,123.5MB,117.7MiB",
    "25276530688,25.3GB,25.28GB,23.54GiB"
  })
  void sizes(long bytes, String three, String four, String binary) {
    assertThat(Human.shortSize(bytes)).isEqualTo(three);
    assertThat(Human.size(bytes)).isEqualTo(four);
    assertThat(Human.binarySize(bytes)).isEqualTo(binary);
  }

  @ParameterizedTest
  @CsvSource({
    "0,Less than a second",
    "1,1 second",
    "59,59 seconds",
    "60,About a minute",
    "119,About a minute",
    "120,2 minutes",
    "3599,59 minutes",
    "3600,About an hour",
    "5400,2 hours",
    "172799,2 days",
    "1209600,2 weeks",
    "5184000,2 months",
    "63072000,2 years"
  })
  void spans(long seconds, String words) {
    assertThat(Human.span(seconds)).isEqualTo(words);
  }

  @Test
  void idsAndLongTexts() {
    assertThat(Human.shortId("sha256:0123456789abcdef")).isEqualTo("0123456789ab");
    assertThat(Human.shortId("0123456789abcdef")).isEqualTo("0123456789ab");
    assertThat(Human.ellipsis("abcdef", 6)).isEqualTo("abcdef");
    assertThat(Human.ellipsis("abcdefg", 6)).isEqualTo("abcde…");
  }

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    Columns table = new Columns();
    table.add("ID", "NAME", "X");
    table.add("0123456789ab", "é", "last one is not padded");
    assertThat(table.text())
        .isEqualTo("ID             NAME      X\n0123456789ab   é         last one is not padded\n");
  }

  @ParameterizedTest
  @CsvSource({
    "1s,1000000000",
    "1m30s,90000000000",
    "500ms,500000000",
    "1.5h,5400000000000",
    "2us,2000",
    "0,0",
    "x,-1",
    "5,-1",
    "5x,-1"
  })
  void goDurations(String text, long nanos) {
    assertThat(GoDurations.nanos(text)).isEqualTo(nanos);
  }

  @Test
  void pointsInTime() {
    assertThat(Moments.toApi("1700000000.5", 0)).isEqualTo("1700000000.5");
    assertThat(Moments.toApi("2023-11-14T22:13:20Z", 0)).isEqualTo("1700000000.000000000");
    assertThat(Moments.toApi("10s", 1_700_000_010_000L)).isEqualTo("1700000000.000000000");
    assertThat(Moments.seconds("2023-11-14T22:13:20.123456789Z")).isEqualTo(1_700_000_000L);
    assertThat(Moments.seconds("0001-01-01T00:00:00Z")).isZero();
  }
}
