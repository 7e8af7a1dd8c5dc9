/** Networks in the API's words. */
@NullMarked
package dev.kemas.daemon.network;

import org.jspecify.annotations.NullMarked;
