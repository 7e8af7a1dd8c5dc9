package dev.kemas.guard;

import java.util.Optional;

/** The rules by name; docs/checks.md has a section for each. */
public enum Rule {
  DATASET_IN_IMAGE("DatasetInImage", true, "Data sets do not belong into an image"),
  MODEL_WEIGHTS_IN_IMAGE("ModelWeightsInImage", true, "Model weights do not belong into an image"),
  LARGE_LAYER("LargeLayer", true, "A layer over 500 MB is better split"),
  UNPINNED_REQUIREMENTS(
      "UnpinnedRequirements", true, "Dependencies without versions change from build to build"),
  UNPINNED_APT_PACKAGES(
      "UnpinnedAptPackages", false, "System packages without versions change with the mirror"),
  LATEST_BASE("LatestBase", true, "A base without a fixed tag changes under the build"),
  SECRET_IN_DOCKERFILE("SecretInDockerfile", true, "A secret is written in the Dockerfile"),
  SECRET_IN_LAYER("SecretInLayer", true, "A secret of the build is left in the image"),
  CUDA_NEWER_THAN_DRIVER(
      "CudaNewerThanDriver", true, "The image's CUDA is newer than the host's driver supports"),
  CACHE_DEFEATING_COPY_ORDER(
      "CacheDefeatingCopyOrder", true, "Sources are copied before dependencies are installed"),
  APT_UPDATE_ALONE("AptUpdateAlone", true, "apt-get update in a RUN of its own goes stale"),
  PIP_CACHE_IN_LAYER("PipCacheInLayer", true, "pip leaves its download cache in the image");

  private final String id;
  private final boolean onByDefault;
  private final String summary;

  Rule(String id, boolean onByDefault, String summary) {
    this.id = id;
    this.onByDefault = onByDefault;
    this.summary = summary;
  }

  /** The name that {@code # check=skip=} and {@code --check-skip} use. */
  public String id() {
    return id;
  }

  /** Whether it is looked at without being asked for. */
  public boolean isOnByDefault() {
    return onByDefault;
  }

  /** One line for lists. */
  public String summary() {
    return summary;
  }

  /** The rule of that name; empty where it is not one of ours. */
  public static Optional<Rule> of(String id) {
    for (Rule rule : values()) {
      if (rule.id.equals(id)) {
        return Optional.of(rule);
      }
    }
    return Optional.empty();
  }
}
