/** {@code build}: packs a folder and sends it. */
@NullMarked
package dev.kemas.cli.build;

import org.jspecify.annotations.NullMarked;
