/** Images in the API's words. */
@NullMarked
package dev.kemas.daemon.image;

import org.jspecify.annotations.NullMarked;
