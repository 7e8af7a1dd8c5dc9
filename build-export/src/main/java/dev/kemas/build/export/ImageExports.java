package dev.kemas.build.export;

import dev.kemas.build.Attestor;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.Export;
import dev.kemas.image.ImageService;
import java.util.List;

/** What a client's wish for an image comes down to. */
public final class ImageExports {
  private ImageExports() {}

  /**
   * Into the engine's images, and to registries where that is asked for.
   *
   * @param attestor says what is attached
   * @param logins at registries
   */
  public static List<Export> of(
      ExportOptions.Image options,
      Attestor attestor,
      ImageService images,
      BuildRequest.Logins logins) {
    ImageExport kept = new ImageExport(options, attestor, images);
    if (!options.push()) {
      return List.of(kept);
    }
    PushExport push =
        options.byDigest()
            ? PushExport.ofDigest(options.names(), kept::top, images, logins)
            : new PushExport(options.names(), images, logins);
    return List.of(kept, push);
  }
}
