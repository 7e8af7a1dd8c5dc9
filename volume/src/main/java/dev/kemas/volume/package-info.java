/** Named volumes, drivers, copy-up. */
@NullMarked
package dev.kemas.volume;

import org.jspecify.annotations.NullMarked;
