package app.undertone.live

import androidx.compose.runtime.Immutable
import app.undertone.model.SILENCE_DBFS
import app.undertone.model.SpokenSegment

/**
 * The level of the last 15 s and where the speech gate was open, frame by frame. Counts frames since the recording began.
 *
 * The gate decides on a frame some time after its level came in: the engine may be late, or still loading.
 *
 * @param frames how many levels came in.
 * @param gatedFrames how many of them the gate has decided on.
 */
@Immutable
class Waveform private constructor(
    private val levelsDbfs: FloatArray,
    private val gates: BooleanArray,
    val frames: Int,
    private val gatedFrames: Int,
) {
    /** Of the audio that came in. */
    val lengthMs: Long get() = frames.toLong() * FRAME_MS

    /** The number of the oldest frame that is kept; negative in the first 15 s, when silence stands before the recording. */
    val firstFrame: Int get() = frames - FRAMES

    /** RMS of a kept [frame], full scale = 0. */
    fun levelDbfs(frame: Int): Float = levelsDbfs[frame - firstFrame]

    /** Whether the gate was open in a kept [frame]; false before that is decided. */
    fun isOpen(frame: Int): Boolean = gates[frame - firstFrame]

    /** @param startMs of the level in the recording: what did not come in before it is silence. null: directly behind the last. */
    fun afterLevel(levelDbfs: Float, startMs: Long? = null): Waveform {
        val frame = startMs?.let { ((it + FRAME_MS / 2) / FRAME_MS).toInt() } ?: frames
        return if (frame > frames) silentUntil(frame).withLevel(levelDbfs) else withLevel(levelDbfs)
    }

    private fun silentUntil(frame: Int): Waveform {
        val passed = minOf(frame - frames, FRAMES)
        val levels = FloatArray(FRAMES) { SILENCE_DBFS }
        levelsDbfs.copyInto(levels, 0, passed)
        val shifted = BooleanArray(FRAMES)
        gates.copyInto(shifted, 0, passed)
        return Waveform(levels, shifted, frame, gatedFrames)
    }

    private fun withLevel(levelDbfs: Float): Waveform {
        val levels = levelsDbfs.copyOf()
        levelsDbfs.copyInto(levels, 0, 1)
        levels[FRAMES - 1] = levelDbfs
        val shifted = BooleanArray(FRAMES)
        gates.copyInto(shifted, 0, 1)
        return Waveform(levels, shifted, frames + 1, gatedFrames)
    }

    /** @param endMs of the frame that the gate decided on, in the recording. null: the one behind the last. */
    fun afterGate(isOpen: Boolean, endMs: Long? = null): Waveform {
        val frame = endMs?.let { (it / FRAME_MS).toInt() - 1 } ?: gatedFrames
        if (frame >= frames) return this // the last frame of a recording may be shorter than a level
        val isKept = frame in firstFrame..<frames
        val decided = if (isKept) gates.copyOf().also { it[frame - firstFrame] = isOpen } else gates
        return Waveform(levelsDbfs, decided, frames, frame + 1)
    }

    companion object {
        const val FRAME_MS = 32

        /** 192 ms: bars and gaps that the eye can tell apart on a phone. */
        const val BAR_FRAMES = 6

        /** How long the gate may stay open behind the last word. */
        const val LONGEST_HANGOVER_MS = 640

        /** 15 s, in whole bars. */
        const val FRAMES = 78 * BAR_FRAMES

        val Empty = Waveform(FloatArray(FRAMES) { SILENCE_DBFS }, BooleanArray(FRAMES), frames = 0, gatedFrames = 0)
    }
}

/**
 * Calls [draw] for each bar, the oldest first: with its first frame, its highest level, whether the gate was open and what was heard then,
 * if that is known yet. Bars stay at their frames, so that they move and do not change.
 */
internal inline fun Waveform.forEachBar(
    ribbon: List<SpokenSegment>,
    draw: (firstFrame: Int, levelDbfs: Float, isOpen: Boolean, recognised: SpokenSegment?) -> Unit,
) {
    val firstBar = (firstFrame + Waveform.BAR_FRAMES - 1).floorDiv(Waveform.BAR_FRAMES)
    val firstMiddleMs = (firstBar * Waveform.BAR_FRAMES + Waveform.BAR_FRAMES / 2L) * Waveform.FRAME_MS
    // What went out of sight is not known any longer, but for the segment that was spoken just before.
    var segment = ribbon.indexOfLast { it.startMs <= firstMiddleMs }.coerceAtLeast(0)
    var wasOpen = ribbon.getOrNull(segment)?.let { firstMiddleMs - it.endMs in 0..Waveform.LONGEST_HANGOVER_MS } ?: false
    for (bar in firstBar..(frames - 1).floorDiv(Waveform.BAR_FRAMES)) {
        val start = bar * Waveform.BAR_FRAMES
        var levelDbfs = SILENCE_DBFS
        var isOpen = false
        for (frame in start..<minOf(start + Waveform.BAR_FRAMES, frames)) {
            levelDbfs = maxOf(levelDbfs, levelDbfs(frame))
            isOpen = isOpen || isOpen(frame)
        }
        val middleMs = (start + Waveform.BAR_FRAMES / 2L) * Waveform.FRAME_MS
        if (isOpen && wasOpen) {
            // The gate stays open for a moment after the last word: that belongs to its segment, until the next one begins.
            while (segment + 1 < ribbon.size && ribbon[segment + 1].startMs <= middleMs) segment++
        } else {
            while (segment < ribbon.size && ribbon[segment].endMs < middleMs) segment++
        }
        wasOpen = isOpen
        draw(start, levelDbfs, isOpen, if (isOpen) ribbon.getOrNull(segment)?.takeIf { it.startMs <= middleMs } else null)
    }
}
