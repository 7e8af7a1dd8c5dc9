/** Images: pull, load, save, import, tag, unpack, bootstrap. */
@NullMarked
package dev.kemas.image;

import org.jspecify.annotations.NullMarked;
