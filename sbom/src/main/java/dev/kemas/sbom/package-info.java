/**
 * Which packages a file system holds, and bills of materials of them in SPDX and CycloneDX. Knows
 * nothing of images or builds: it reads a folder, which may be hostile, and writes bytes. Start
 * reading at {@link dev.kemas.sbom.PackageScan}.
 */
@NullMarked
package dev.kemas.sbom;

import org.jspecify.annotations.NullMarked;
