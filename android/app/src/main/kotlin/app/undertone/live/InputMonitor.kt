package app.undertone.live

import app.undertone.model.AUDIBLE_DBFS
import app.undertone.model.LiveEvent
import app.undertone.recording.Listening

/**
 * Whether what comes in is speech, too faint or too loud. Counts time in audio, not by the clock.
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

    /** Where the audio and the gate's decisions stand in the recording; null before that is known. */
    private var levelEndMs: Long? = null
    private var gateEndMs: Long? = null

    fun onLevel(level: LiveEvent.Level) {
        if (level.startMs != null) {
            levelEndMs = level.startMs + level.durationMs
            if (gateEndMs == null) gateEndMs = level.startMs
        }
        nowMs += level.durationMs
        if (level.isClipped) clippedMs = nowMs
        if (level.levelDbfs >= AUDIBLE_DBFS) audibleMs = nowMs
        if (level.levelDbfs >= ALIVE_DBFS) aliveMs = nowMs
        if (isGateOpen) speechMs = nowMs
    }

    /** What did not come in has no decision of the gate to wait for. */
    fun onLost() {
        gateEndMs = null
        levelEndMs = null
    }

    /** @param endMs of the frame, in the recording; null where that is unknown. */
    fun onGate(isOpen: Boolean, endMs: Long? = null) {
        if (endMs != null) gateEndMs = endMs
        if (isOpen && !isGateOpen) audibleMs = nowMs
        isGateOpen = isOpen
        if (isOpen) speechMs = nowMs
    }

    /** A voice below [AUDIBLE_DBFS] for a second, or a microphone that gives next to nothing for three, is too quiet. */
    val status: LiveStatus
        get() = when {
            nowMs - clippedMs <= CLIPPING_HOLD_MS -> LiveStatus.Clipping
            lagMs >= BEHIND_FROM_MS -> LiveStatus.CatchingUp
            isGateOpen && nowMs - audibleMs >= FAINT_AFTER_MS -> LiveStatus.TooQuiet
            nowMs - aliveMs >= DEAD_AFTER_MS -> LiveStatus.TooQuiet
            isGateOpen -> LiveStatus.HearingYou
            else -> LiveStatus.Listening
        }

    private val lagMs: Long
        get() = (levelEndMs ?: 0) - (gateEndMs ?: levelEndMs ?: 0)

    val isWithoutSpeech: Boolean
        get() = nowMs - speechMs >= NO_SPEECH_AFTER_MS

    private companion object {
        const val ALIVE_DBFS = -85f
        const val CLIPPING_HOLD_MS = 1_000L
        const val FAINT_AFTER_MS = 1_000L
        const val DEAD_AFTER_MS = 3_000L

        /** One segment's recognition on a slow phone is no reason to say so. */
        const val BEHIND_FROM_MS = 2_000L
        const val NO_SPEECH_AFTER_MS = 30_000L
    }
}
