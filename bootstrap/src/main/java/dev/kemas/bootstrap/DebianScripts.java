package dev.kemas.bootstrap;

import java.util.ArrayList;
import java.util.List;

/**
 * The texts that make a Debian system: what the tool is called with and what is done at the end.
 */
final class DebianScripts {
  /** What the slim images leave out, and what of it they keep. */
  private static final List<String> SLIM =
      List.of(
          "path-exclude /usr/share/doc/*",
          "path-include /usr/share/doc/*/copyright",
          "path-exclude /usr/share/groff/*",
          "path-exclude /usr/share/info/*",
          "path-exclude /usr/share/linda/*",
          "path-exclude /usr/share/lintian/*",
          "path-exclude /usr/share/locale/*",
          "path-include /usr/share/locale/locale.alias",
          "path-exclude /usr/share/man/*");

  private DebianScripts() {}

  /** dpkg's settings in the image. */
  static String dpkgSettings(boolean slim) {
    List<String> lines = new ArrayList<>();
    lines.add("# a container's file system is made anew when the power fails: do not wait for it");
    lines.add("force-unsafe-io");
    if (slim) {
      lines.addAll(SLIM);
    }
    return String.join("\n", lines) + "\n";
  }

  /**
   * apt keeps nothing that can be downloaded again. In a file of the name that Docker's own images
   * have for it: Dockerfiles that mount a cache for packages remove it by that name.
   */
  static String aptClean() {
    return """
    Dir::Cache::pkgcache "";
    Dir::Cache::srcpkgcache "";
    DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb || true"; };
    APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb || true"; };
    """;
  }

  /** apt's other settings in the image: small indexes, no translations. */
  static String aptSettings() {
    return """
    Acquire::GzipIndexes "true";
    Acquire::Languages "none";
    APT::AutoRemove::SuggestsImportant "false";
    """;
  }

  /**
   * Starts the tool in a mount namespace of its own, on memory where there is enough: a package
   * manager waits for the disk after each package. The mount ends with the process.
   */
  static String run(boolean inMemory, String command) {
    return "set -eu\n"
        + (inMemory ? "mount -t tmpfs -o mode=755 kemas-bootstrap \"$TMPDIR\"\n" : "")
        + command
        + "\n";
  }

  /** Brings packages that were downloaded before. */
  static String bringPackages() {
    return """
    set -eu
    mkdir -p "$1/var/cache/apt/archives/partial"
    for deb in "$KEMAS_DEBS"/*.deb; do
      if [ -e "$deb" ]; then cp "$deb" "$1/var/cache/apt/archives/"; fi
    done
    """;
  }

  /** Keeps what was downloaded for the next time, each file whole or not at all. */
  static String keepPackages() {
    return """
    set -eu
    for deb in "$1"/var/cache/apt/archives/*.deb; do
      name=${deb##*/}
      if [ -e "$deb" ] && ! [ -e "$KEMAS_DEBS/$name" ]; then
        cp "$deb" "$KEMAS_DEBS/.$name.$$" && mv "$KEMAS_DEBS/.$name.$$" "$KEMAS_DEBS/$name"
      fi
    done
    rm -f "$1"/var/cache/apt/archives/*.deb
    find "$KEMAS_DEBS" -name "*.deb" -mtime +60 -delete
    """;
  }

  /** Puts the image's own files in, and takes out what was only for the making. */
  static String finish(boolean certificates, boolean python) {
    StringBuilder text =
        new StringBuilder(
            """
            set -eu
            root=$1
            rm -f "$root/etc/apt/apt.conf.d/99mmdebstrap" "$root/etc/dpkg/dpkg.cfg.d/99mmdebstrap"
            rm -f "$root/etc/apt/sources.list" "$root"/etc/apt/sources.list.d/*
            rm -f "$root"/etc/apt/trusted.gpg.d/mmdebstrap* "$root/etc/hostname"
            cp -R "$KEMAS_FILES/." "$root/"
            rm -rf "$root"/var/log/apt/* "$root"/var/log/*.log "$root"/var/cache/ldconfig/*
            rm -rf "$root"/var/cache/debconf/*-old "$root"/var/lib/dpkg/*-old
            """);
    if (certificates) {
      text.append(
          """
          if [ -x "$root/usr/sbin/update-ca-certificates" ]; then
            chroot "$root" update-ca-certificates >/dev/null
          fi
          """);
    }
    if (python) {
      text.append(
          """
          rm -f "$root"/usr/lib/python3*/EXTERNALLY-MANAGED
          exe=$(readlink -f "$root/usr/bin/python3")
          exe=${exe##*/}
          ln -sf "/usr/bin/$exe" "$root/usr/local/bin/python"
          ln -sf "/usr/bin/$exe" "$root/usr/local/bin/python3"
          find "$root/usr/lib/python3" "$root"/usr/lib/python3.* -name __pycache__ -prune \
            -exec rm -rf {} +
          chroot "$root" /usr/bin/python3 -c \
            'import platform; print(platform.python_version())' > "$KEMAS_NOTES/python-version"
          """);
    }
    return text.toString();
  }
}
