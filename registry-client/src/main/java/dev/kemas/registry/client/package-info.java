/** The client side of the distribution API. */
@NullMarked
package dev.kemas.registry.client;

import org.jspecify.annotations.NullMarked;
