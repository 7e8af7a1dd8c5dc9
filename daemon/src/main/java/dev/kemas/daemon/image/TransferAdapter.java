package dev.kemas.daemon.image;

import dev.kemas.api.RegistryLogin;
import dev.kemas.api.server.Progress;
import dev.kemas.api.server.TransferBackend;
import dev.kemas.bootstrap.BootstrapRequest;
import dev.kemas.fault.Fault;
import dev.kemas.image.ImageService;
import dev.kemas.image.ImportRequest;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** Images in and out. */
public final class TransferAdapter implements TransferBackend {
  private final ImageService images;
  private final dev.kemas.bootstrap.Bootstrap bootstrap;

  /** Adapts these two. */
  public TransferAdapter(ImageService images, dev.kemas.bootstrap.Bootstrap bootstrap) {
    this.images = images;
    this.bootstrap = bootstrap;
  }

  @Override
  public void pull(
      String reference, Optional<Platform> platform, RegistryLogin login, Progress progress) {
    Reference name = Reference.parse(reference);
    dev.kemas.image.Progress told = ProgressRecords.told(progress);
    if (name.tag().isEmpty() && name.digest().isEmpty()) {
      images.puller().pullAll(name, platform, Logins.of(login), told);
    } else {
      images.puller().pull(name, platform, Logins.of(login), told);
    }
  }

  @Override
  public void push(
      String reference, Optional<Platform> platform, RegistryLogin login, Progress progress) {
    images
        .pusher()
        .push(
            Reference.parse(reference), platform, Logins.of(login), ProgressRecords.told(progress));
  }

  @Override
  public void load(InputStream archive, boolean quiet, Progress progress) throws IOException {
    dev.kemas.image.Progress all = ProgressRecords.told(progress);
    images.loader().load(archive, Optional.empty(), quiet ? event -> lines(event, all) : all);
    archive.transferTo(OutputStream.nullOutputStream());
  }

  private static void lines(
      dev.kemas.image.Progress.Event event, dev.kemas.image.Progress progress) {
    if (event instanceof dev.kemas.image.Progress.Line) {
      progress.report(event);
    }
  }

  @Override
  public void importFrom(Import what, InputStream body, Progress progress) throws IOException {
    if (!what.source().equals("-")) {
      throw new Fault.Unsupported(
          "importing from an address is not built yet: download " + what.source() + " and send it");
    }
    images
        .importer()
        .importTar(
            body,
            new ImportRequest(
                what.reference().map(Reference::parse),
                what.changes(),
                what.message(),
                what.platform()),
            ProgressRecords.told(progress));
    body.transferTo(OutputStream.nullOutputStream());
  }

  @Override
  public void bootstrap(Bootstrap what, Progress progress) {
    bootstrap.make(
        new BootstrapRequest(
            what.reference(), what.mirror(), what.suite(), what.include(), what.platform(), true),
        ProgressRecords.told(progress));
  }

  @Override
  public void requireAll(List<String> names) {
    images.saver().requireAll(names);
  }

  @Override
  public void save(List<String> names, OutputStream to) throws IOException {
    images.saver().save(names, to);
  }
}
