/**
 * What is attached to built images: how each was built, told by its plan, and what is in it, found
 * in its files. Start reading at {@link dev.kemas.build.attest.BuildAttestor}.
 */
@NullMarked
package dev.kemas.build.attest;

import org.jspecify.annotations.NullMarked;
