/** Container life cycle: states, runtime spec, events, restart, recovery. */
@NullMarked
package dev.kemas.engine;

import org.jspecify.annotations.NullMarked;
