package app.undertone.live

/**
 * Judges what comes in: is someone heard, too faint, too loud. Counts time in audio, not by the clock.
 *
 * One instance a recording; not thread-safe.
 */
internal class InputMonitor {
    private var nowMs = 0L
    private var clippedMs = -CLIPPING_HOLD_MS - 1
    private var audibleMs = 0L
    private var aliveMs = 0L
    private var speechMs = 0L
    private var isGateOpen = false

    fun onLevel(level: LiveEvent.Level) {
        nowMs += level.durationMs
        if (level.isClipped) clippedMs = nowMs
        if (level.levelDbfs >= AUDIBLE_DBFS) audibleMs = nowMs
        if (level.levelDbfs >= ALIVE_DBFS) aliveMs = nowMs
        if (isGateOpen) speechMs = nowMs
    }

    fun onGate(isOpen: Boolean) {
        if (isOpen && !isGateOpen) audibleMs = nowMs
        isGateOpen = isOpen
        if (isOpen) speechMs = nowMs
    }

    /** A voice below [AUDIBLE_DBFS] for a second, or a microphone that gives next to nothing for three, is too quiet. */
    val status: LiveStatus
        get() = when {
            nowMs - clippedMs <= CLIPPING_HOLD_MS -> LiveStatus.Clipping
            isGateOpen && nowMs - audibleMs >= FAINT_AFTER_MS -> LiveStatus.TooQuiet
            nowMs - aliveMs >= DEAD_AFTER_MS -> LiveStatus.TooQuiet
            isGateOpen -> LiveStatus.HearingYou
            else -> LiveStatus.Listening
        }

    val isWithoutSpeech: Boolean
        get() = nowMs - speechMs >= NO_SPEECH_AFTER_MS

    private companion object {
        const val AUDIBLE_DBFS = -50f
        const val ALIVE_DBFS = -85f
        const val CLIPPING_HOLD_MS = 1_000L
        const val FAINT_AFTER_MS = 1_000L
        const val DEAD_AFTER_MS = 3_000L
        const val NO_SPEECH_AFTER_MS = 30_000L
    }
}
