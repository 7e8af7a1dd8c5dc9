package dev.kemas.guard;

import java.util.List;
import java.util.Optional;

/**
 * Which driver a CUDA release needs. Source: "CUDA Toolkit and Corresponding Driver Versions" of
 * the CUDA release notes, and "CUDA Compatibility", minor version compatibility.
 */
final class CudaReleases {
  private record Release(Version cuda, Version driver) {}

  private static final List<Release> RELEASES =
      List.of(
          release("13.1", "590.44.01"),
          release("13.0", "580.65.06"),
          release("12.9", "575.51.03"),
          release("12.8", "570.26"),
          release("12.6", "560.28.03"),
          release("12.5", "555.42.02"),
          release("12.4", "550.54.14"),
          release("12.3", "545.23.06"),
          release("12.2", "535.54.03"),
          release("12.1", "530.30.02"),
          release("12.0", "525.60.13"),
          release("11.8", "520.61.05"),
          release("11.7", "515.43.04"),
          release("11.6", "510.39.01"),
          release("11.5", "495.29.05"),
          release("11.4", "470.42.01"),
          release("11.3", "465.19.01"),
          release("11.2", "460.27.03"),
          release("11.1", "455.23"),
          release("11.0", "450.36.06"),
          release("10.2", "440.33"),
          release("10.1", "418.39"),
          release("10.0", "410.48"),
          release("9.2", "396.26"),
          release("9.1", "390.46"),
          release("9.0", "384.81"),
          release("8.0", "375.26"));

  /** The oldest driver on which any release of that major version runs, with limits. */
  private static final List<Release> MAJORS =
      List.of(release("13", "580"), release("12", "525.60.13"), release("11", "450.80.02"));

  private CudaReleases() {}

  private static Release release(String cuda, String driver) {
    return new Release(Version.of(cuda).orElseThrow(), Version.of(driver).orElseThrow());
  }

  /** The newest CUDA that the driver supports in full; empty for a driver older than the table. */
  static Optional<Version> newestFor(NvidiaDriver driver) {
    return RELEASES.stream()
        .filter(r -> driver.version().compareTo(r.driver) >= 0)
        .map(Release::cuda)
        .findFirst();
  }

  /** The driver that a release asks for; empty for a release that is newer than the table. */
  static Optional<Version> driverFor(Version cuda) {
    Version minor = cuda.minor();
    return RELEASES.stream()
        .filter(r -> r.cuda.compareTo(minor) <= 0 && r.cuda.major() == minor.major())
        .findFirst()
        .filter(r -> r.cuda.compareTo(minor) == 0 || minor.compareTo(RELEASES.getFirst().cuda) < 0)
        .map(Release::driver);
  }

  /** Whether the release runs on the driver with limits, as a minor version of its major one. */
  static boolean runsWithLimits(Version cuda, NvidiaDriver driver) {
    return MAJORS.stream()
        .anyMatch(m -> m.cuda.major() == cuda.major() && driver.version().compareTo(m.driver) >= 0);
  }
}
