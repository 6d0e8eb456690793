package app.undertone.recording

import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout

/** Waits for what other threads bring about; fails after half a minute. */
internal suspend fun eventually(condition: suspend () -> Boolean) = withTimeout(30_000) { while (!condition()) delay(5) }
