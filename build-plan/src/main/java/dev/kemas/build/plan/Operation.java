package dev.kemas.build.plan;

import dev.kemas.dockerfile.Device;
import dev.kemas.dockerfile.FileMode;
import dev.kemas.dockerfile.GitAddress;
import dev.kemas.dockerfile.Mount;
import dev.kemas.image.Image;
import dev.kemas.image.Layer;
import dev.kemas.oci.Digest;
import java.util.List;
import java.util.Optional;

/**
 * One change of a file system, with all that decides its result besides its inputs. Two operations
 * that {@link #describe} alike do alike, so the description is what cache keys are made of.
 */
public sealed interface Operation {

  /** The operation on one line; equal for equal operations, different for different ones. */
  String describe();

  /**
   * An image's file system, or an empty one.
   *
   * @param name as the Dockerfile has it
   * @param image empty for {@code scratch}
   */
  record Base(String name, Optional<Image> image) implements Operation {
    @Override
    public String describe() {
      return "base " + chainId().map(Object::toString).orElse("scratch");
    }

    /** The name of its whole file system; empty when it has no layer. */
    public Optional<Digest> chainId() {
      List<Layer> layers = image.map(Image::layers).orElse(List.of());
      return layers.isEmpty() ? Optional.empty() : Optional.of(layers.getLast().chainId());
    }
  }

  /**
   * Files that the client has, under the name of a further context. Nothing is built upon them.
   *
   * @param name in lower case
   */
  record Local(String name) implements Operation {
    @Override
    public String describe() {
      return "local " + Quote.text(name);
    }
  }

  /**
   * A process, run on the input.
   *
   * @param args the command with its arguments
   * @param script a program that is put where the first argument says, outside the file system
   * @param env {@code NAME=value}, build arguments included
   * @param quietEnv environment that must not decide the result: proxies
   * @param cwd absolute
   * @param user as USER has it, empty for root
   * @param network {@code default}, {@code none}, {@code host} or a network's name
   * @param mounts the vertex has an input for each that is {@link Mount#from} something, in their
   *     order, after the input that is run on
   * @param insecure whether it is to have all privileges
   * @param devices of the host's
   * @param arguments names of those of {@code env} that are build arguments
   * @param shell the program of SHELL; decides nothing, it is for who looks at a failed one
   */
  record Run(
      List<String> args,
      Optional<String> script,
      List<String> env,
      List<String> quietEnv,
      String cwd,
      String user,
      String network,
      List<Mount> mounts,
      boolean insecure,
      List<Device> devices,
      List<String> arguments,
      String shell)
      implements Operation {
    @Override
    public String describe() {
      StringBuilder out = new StringBuilder("run ").append(Quote.list(args));
      script.ifPresent(text -> out.append(" script=").append(Quote.text(text)));
      out.append(" env=").append(Quote.list(env)).append(" cwd=").append(Quote.text(cwd));
      if (!user.isEmpty()) {
        out.append(" user=").append(Quote.text(user));
      }
      if (!network.equals("default")) {
        out.append(" network=").append(Quote.text(network));
      }
      if (insecure) {
        out.append(" insecure");
      }
      mounts.forEach(mount -> out.append(" mount=").append(MountText.of(mount)));
      devices.forEach(device -> out.append(" device=").append(Quote.text(device.name())));
      return out.toString();
    }
  }

  /** Something that COPY or ADD takes. */
  sealed interface Source {
    /**
     * A path or wildcard pattern below the root of the context or of the other input.
     *
     * @param path variables expanded, as the author wrote it
     */
    record Files(String path) implements Source {}

    /** A file with this content. */
    record Inline(String name, String content) implements Source {}

    /** A file to be fetched. */
    record Remote(String address) implements Source {}

    /**
     * What is in a git repository.
     *
     * @param address with what flags of ADD say in it
     */
    record Git(GitAddress address) implements Source {}
  }

  /**
   * COPY or ADD into the first input, from the second one or, when there is none, the context.
   *
   * @param keyword {@code COPY} or {@code ADD}, for messages
   * @param destination absolute; ends with a slash when it must be a directory
   * @param chown {@code user[:group]}, names or numbers; empty for root
   * @param chmod what becomes of permissions; empty to leave them
   * @param parents whether the sources' folders are made, too
   * @param excludes patterns of what is left out
   * @param unpack whether archives are unpacked
   * @param checksum what a fetched file must hash to
   * @param link whether what is there at the destination has no say: symbolic links in it are not
   *     followed, so the result lies above any file system alike
   */
  record Transfer(
      String keyword,
      List<Source> sources,
      String destination,
      String chown,
      Optional<FileMode> chmod,
      boolean parents,
      List<String> excludes,
      Unpack unpack,
      Optional<String> checksum,
      boolean link)
      implements Operation {
    /** Which archives are unpacked. */
    public enum Unpack {
      NONE,
      LOCAL,
      ALL
    }

    /** All files of the second input, as they are. */
    static Transfer all() {
      return new Transfer(
          "COPY",
          List.of(new Source.Files("/")),
          "/",
          "",
          Optional.empty(),
          false,
          List.of(),
          Unpack.NONE,
          Optional.empty(),
          false);
    }

    @Override
    public String describe() {
      StringBuilder out = new StringBuilder("copy");
      for (Source source : sources) {
        out.append(
            switch (source) {
              case Source.Files files -> " files=" + Quote.text(files.path());
              case Source.Inline inline ->
                  " inline=" + Quote.text(inline.name()) + ":" + Quote.text(inline.content());
              case Source.Remote remote -> " remote=" + Quote.text(remote.address());
              case Source.Git git -> git(git.address());
            });
      }
      out.append(" to=").append(Quote.text(destination));
      if (!chown.isEmpty()) {
        out.append(" chown=").append(Quote.text(chown));
      }
      chmod.ifPresent(mode -> out.append(" chmod=").append(mode));
      if (parents) {
        out.append(" parents");
      }
      if (!excludes.isEmpty()) {
        out.append(" exclude=").append(Quote.list(excludes));
      }
      if (unpack != Unpack.NONE) {
        out.append(unpack == Unpack.ALL ? " unpack=all" : " unpack=local");
      }
      checksum.ifPresent(sum -> out.append(" checksum=").append(Quote.text(sum)));
      return out.append(link ? " link" : "").toString();
    }

    private static String git(GitAddress address) {
      StringBuilder out = new StringBuilder(" git=").append(Quote.text(address.remote()));
      address.ref().ifPresent(ref -> out.append(",ref=").append(Quote.text(ref)));
      if (!address.subdir().isEmpty()) {
        out.append(",subdir=").append(Quote.text(address.subdir()));
      }
      address.checksum().ifPresent(sum -> out.append(",commit=").append(Quote.text(sum)));
      if (address.keepGitDir().orElse(false)) {
        out.append(",keep-git-dir");
      }
      return out.append(address.submodules().orElse(true) ? "" : ",no-submodules").toString();
    }
  }

  /**
   * WORKDIR's directory, made with its parents where missing.
   *
   * @param owner as USER has it, empty for root
   */
  record MakeDirectory(String path, String owner) implements Operation {
    @Override
    public String describe() {
      return "mkdir " + Quote.text(path) + (owner.isEmpty() ? "" : " owner=" + Quote.text(owner));
    }
  }
}
