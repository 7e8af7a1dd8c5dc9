/** Typed client for any Docker-compatible socket. */
@NullMarked
package dev.kemas.api.client;

import org.jspecify.annotations.NullMarked;
