package dev.kemas.sbom;

/**
 * How much a scan reads at most. What is larger is not read and remarked.
 *
 * @param entries directory entries looked at
 * @param depth of folders
 * @param components packages kept
 * @param document bytes of one package's description
 * @param listing bytes of a package database that is one text
 * @param database bytes of a package database that is copied to be read
 * @param archive bytes of one jar
 * @param inArchive bytes of a jar within a jar, when it must be unpacked
 * @param nesting jars within jars
 * @param work bytes of jars read and unpacked in all: a jar may name one part of it very often
 */
public record ScanLimits(
    long entries,
    int depth,
    int components,
    long document,
    long listing,
    long database,
    long archive,
    long inArchive,
    int nesting,
    long work) {
  /** For images of any ordinary size. */
  public static final ScanLimits DEFAULT =
      new ScanLimits(
          5_000_000, 200, 100_000, 4 << 20, 64 << 20, 512 << 20, 2L << 30, 64 << 20, 3, 16L << 30);
}
