/**
 * What a build's client lends its engine: folders, secrets, agents, places for results. How that
 * travels is the module cli-session's affair, which is loaded when something is lent and never
 * else.
 */
@NullMarked
package dev.kemas.cli.lend;

import org.jspecify.annotations.NullMarked;
