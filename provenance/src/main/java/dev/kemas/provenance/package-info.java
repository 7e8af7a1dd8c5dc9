/**
 * Statements about images (in-toto) as BuildKit writes them: how one was built (SLSA provenance of
 * the versions 0.2 and 1), and what is in it (SPDX, CycloneDX). Pure functions from plain records
 * to JSON; knows neither builder nor image store. Start reading at {@link
 * dev.kemas.provenance.Statement}.
 */
@NullMarked
package dev.kemas.provenance;

import org.jspecify.annotations.NullMarked;
