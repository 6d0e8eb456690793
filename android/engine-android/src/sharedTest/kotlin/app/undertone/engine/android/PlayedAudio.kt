package app.undertone.engine.android

import org.robolectric.shadows.ShadowAudioRecord.AudioRecordSource

/** What the device's microphone hears: [pcm], then nothing more. */
class PlayedAudio(private val pcm: ShortArray) : AudioRecordSource {
    @Volatile
    private var position = 0

    val isOver: Boolean get() = position == pcm.size

    override fun readInShortArray(audioData: ShortArray, offsetInShorts: Int, sizeInShorts: Int, isBlocking: Boolean): Int {
        val count = minOf(sizeInShorts, pcm.size - position)
        if (count == 0) Thread.sleep(WAIT_MS)
        pcm.copyInto(audioData, offsetInShorts, position, position + count)
        position += count
        return count
    }

    private companion object {
        const val WAIT_MS = 16L
    }
}
