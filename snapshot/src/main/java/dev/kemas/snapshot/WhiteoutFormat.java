package dev.kemas.snapshot;

/** How a layer that removes something from the layers below it is laid down in a folder. */
public enum WhiteoutFormat {
  /**
   * As overlayfs reads it: a removed name is a character device 0/0, an opaque directory carries
   * {@code trusted.overlay.opaque=y} (kernel documentation, filesystems/overlayfs, "whiteouts and
   * opaque directories").
   */
  OVERLAY,
  /** The folder holds the layers below already: what is removed is removed from it. */
  PLAIN
}
