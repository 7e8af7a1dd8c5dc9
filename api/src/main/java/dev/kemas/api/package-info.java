/** Engine API records, versions and stream framing. */
@NullMarked
package dev.kemas.api;

import org.jspecify.annotations.NullMarked;
