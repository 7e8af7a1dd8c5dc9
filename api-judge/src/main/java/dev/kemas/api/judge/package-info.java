/**
 * Whether an answer is what the specification of the Engine API says. Start at {@link
 * dev.kemas.api.judge.ApiJudge}. Knows nothing of any server: the same judge serves every Docker
 * socket.
 */
@NullMarked
package dev.kemas.api.judge;

import org.jspecify.annotations.NullMarked;
