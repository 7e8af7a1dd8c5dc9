package dev.kemas.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostChecksTest {
  @TempDir Path temp;

  @Test
  void every_check_says_what_it_found_and_what_to_do_about_it() {
    List<HostCheck> checks = HostChecks.all(temp.resolve("not/yet/there"));
    assertThat(checks)
        .extracting(HostCheck::name)
        .doesNotHaveDuplicates()
        .contains("kernel", "cgroups");
    assertThat(checks)
        .allSatisfy(c -> {
          assertThat(c.finding()).isNotBlank();
          assertThat(c.remedy().isBlank()).isEqualTo(c.state() == HostCheck.State.OK);
        });
    assertThat(checks)
        .as("root on a real kernel")
        .noneMatch(c -> c.state() == HostCheck.State.MISSING);
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void an_overlay_is_tried_where_it_will_be_used() {
    HostCheck check = HostChecks.overlay(Path.of("/proc"));
    assertThat(check.state()).isEqualTo(HostCheck.State.MISSING);
    assertThat(check.finding()).contains("/proc");
  }
}
