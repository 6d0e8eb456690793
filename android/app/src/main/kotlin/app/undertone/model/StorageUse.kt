package app.undertone.model

import androidx.compose.runtime.Immutable

/**
 * What the recordings take on this phone.
 *
 * @param audio of each recording whose audio was kept, the largest first.
 * @param resultsBytes names, tags, moments and corrections of all recordings.
 * @param freeBytes what the phone has left.
 */
@Immutable
data class StorageUse(val audio: List<AudioUse>, val resultsBytes: Long, val freeBytes: Long) {
    val audioBytes: Long get() = audio.sumOf { it.sizeBytes }
}

/** @param staysLarge it was to be compressed, and could not be. */
@Immutable
data class AudioUse(val session: Session, val sizeBytes: Long, val staysLarge: Boolean = false)

/**
 * @param notCompressed the audio files that could not be.
 * @param sizeBytes of an audio file, by [Session.audioFile]; 0 for one that is missing, which is left out.
 */
internal fun List<Session>.audioUse(notCompressed: Set<String> = emptySet(), sizeBytes: (String) -> Long): List<AudioUse> =
    mapNotNull { session -> session.audioFile?.let { AudioUse(session, sizeBytes(it), staysLarge = it in notCompressed) } }
        .filter { it.sizeBytes > 0 }
        .sortedByDescending { it.sizeBytes }

/** The recordings whose audio was kept for [keptDays] days of 24 hours and more; never one that goes on. */
internal fun List<Session>.withExpiredAudio(nowMs: Long, keptDays: Int): List<Session> =
    filter { it.isFinished && it.audioFile != null && nowMs - it.startedAtMs - it.lengthMs >= keptDays * DAY_MS }

private const val DAY_MS = 86_400_000L
