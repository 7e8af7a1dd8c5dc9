/**
 * What a user asks of a container: the configuration records that the API, the engine and the
 * clients share.
 */
@NullMarked
package dev.kemas.container;

import org.jspecify.annotations.NullMarked;
