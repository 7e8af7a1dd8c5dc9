package dev.kemas.guard;

import dev.kemas.dockerfile.Rule;
import java.util.List;

/** The rules by name; docs/checks.md has a section for each. */
public final class KemasRules {
  public static final Rule DATASET_IN_IMAGE =
      new Rule("DatasetInImage", "Data sets do not belong into an image", "", false);
  public static final Rule MODEL_WEIGHTS_IN_IMAGE =
      new Rule("ModelWeightsInImage", "Model weights do not belong into an image", "", false);
  public static final Rule LARGE_LAYER =
      new Rule("LargeLayer", "A layer over 500 MB is better split", "", false);
  public static final Rule UNPINNED_REQUIREMENTS =
      new Rule(
          "UnpinnedRequirements",
          "Dependencies without versions change from build to build",
          "",
          false);
  public static final Rule UNPINNED_APT_PACKAGES =
      new Rule(
          "UnpinnedAptPackages",
          "System packages without versions change with the mirror",
          "",
          true);
  public static final Rule LATEST_BASE =
      new Rule("LatestBase", "A base without a fixed tag changes under the build", "", false);
  public static final Rule SECRET_IN_DOCKERFILE =
      new Rule("SecretInDockerfile", "A secret is written in the Dockerfile", "", false);
  public static final Rule SECRET_IN_LAYER =
      new Rule("SecretInLayer", "A secret of the build is left in the image", "", false);
  public static final Rule CUDA_NEWER_THAN_DRIVER =
      new Rule(
          "CudaNewerThanDriver",
          "The image's CUDA is newer than the host's driver supports",
          "",
          false);
  public static final Rule CACHE_DEFEATING_COPY_ORDER =
      new Rule(
          "CacheDefeatingCopyOrder",
          "Sources are copied before dependencies are installed",
          "",
          false);
  public static final Rule APT_UPDATE_ALONE =
      new Rule("AptUpdateAlone", "apt-get update in a RUN of its own goes stale", "", false);
  public static final Rule PIP_CACHE_IN_LAYER =
      new Rule("PipCacheInLayer", "pip leaves its download cache in the image", "", false);

  /** All of them. */
  public static final List<Rule> ALL =
      List.of(
          DATASET_IN_IMAGE,
          MODEL_WEIGHTS_IN_IMAGE,
          LARGE_LAYER,
          UNPINNED_REQUIREMENTS,
          UNPINNED_APT_PACKAGES,
          LATEST_BASE,
          SECRET_IN_DOCKERFILE,
          SECRET_IN_LAYER,
          CUDA_NEWER_THAN_DRIVER,
          CACHE_DEFEATING_COPY_ORDER,
          APT_UPDATE_ALONE,
          PIP_CACHE_IN_LAYER);

  private KemasRules() {}
}
