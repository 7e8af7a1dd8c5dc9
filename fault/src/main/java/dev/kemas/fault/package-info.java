/** The closed family of errors that every module throws. */
@NullMarked
package dev.kemas.fault;

import org.jspecify.annotations.NullMarked;
