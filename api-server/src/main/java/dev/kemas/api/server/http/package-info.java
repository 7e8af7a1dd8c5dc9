/**
 * How a request finds its handler and what a handler may do with it: routes, parameters, bodies,
 * streams, connections taken over. Knows HTTP and Jetty and no resource of the Engine API.
 */
@NullMarked
package dev.kemas.api.server.http;

import org.jspecify.annotations.NullMarked;
