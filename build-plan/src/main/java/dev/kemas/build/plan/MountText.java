package dev.kemas.build.plan;

import dev.kemas.dockerfile.Mount;

/**
 * A mount as part of an operation's description: what may change the result of its RUN, so neither
 * how a cache is shared nor whether a secret is required, and not the name of what it is from,
 * which is an input.
 */
final class MountText {
  private MountText() {}

  static String of(Mount mount) {
    return switch (mount) {
      case Mount.Bind bind ->
          "bind"
              + text("target", bind.target())
              + source(bind)
              + (bind.readOnly() ? "" : ",readwrite");
      case Mount.Cache cache ->
          "cache"
              + text("id", cache.id())
              + text("target", cache.target())
              + source(cache)
              + (cache.readOnly() ? ",readonly" : "")
              + owner(cache.uid(), cache.gid(), cache.mode());
      case Mount.Tmpfs tmpfs ->
          "tmpfs"
              + text("target", tmpfs.target())
              + (tmpfs.size().isPresent() ? ",size=" + tmpfs.size().getAsLong() : "")
              + (tmpfs.readOnly() ? ",readonly" : "");
      case Mount.Secret secret ->
          "secret"
              + text("id", secret.id())
              + secret.target().map(path -> text("target", path)).orElse("")
              + secret.env().map(name -> text("env", name)).orElse("")
              + owner(secret.uid(), secret.gid(), secret.mode());
      case Mount.Ssh ssh ->
          "ssh"
              + text("id", ssh.id())
              + ssh.target().map(path -> text("target", path)).orElse("")
              + owner(ssh.uid(), ssh.gid(), ssh.mode());
    };
  }

  private static String source(Mount mount) {
    return (mount.from().isPresent() ? ",from" : "") + text("source", mount.source());
  }

  private static String owner(int uid, int gid, int mode) {
    return ",uid=%d,gid=%d,mode=%o".formatted(uid, gid, mode);
  }

  private static String text(String name, String value) {
    return "," + name + "=" + Quote.text(value);
  }
}
