package app.undertone.sample

import android.Manifest.permission.RECORD_AUDIO
import android.app.Application
import androidx.compose.ui.test.ComposeTimeoutException
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.printToString
import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowAudioRecord
import org.robolectric.shadows.ShadowAudioRecord.AudioRecordSource
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** The whole sample, as published artifacts have it: `AudioRecord`, the engine, and the model out of the APK's assets. */
@RunWith(AndroidJUnit4::class)
class EmotionScreenTest {
    private val application = ApplicationProvider.getApplicationContext<Application>().also { shadowOf(it).grantPermissions(RECORD_AUDIO) }

    @get:Rule
    val screen = createAndroidComposeRule<MainActivity>()

    @Test
    fun `a voice in the microphone puts its emotion on the screen`() {
        val voice = FakeVoice(generatedVoice())
        ShadowAudioRecord.setSourceProvider { voice }

        screen.onNodeWithText("Record").performClick()

        val anEmotion = listOf("angry", "happy", "neutral", "sad").map { hasText(it) }.reduce { one, other -> one or other }
        try {
            screen.waitUntil(TIMEOUT_MS) { screen.onAllNodes(anEmotion).fetchSemanticsNodes().isNotEmpty() }
        } catch (e: ComposeTimeoutException) {
            throw AssertionError("no emotion on the screen: ${screen.onRoot().printToString()}", e)
        }
        screen.onNodeWithText("Stop").performClick()
        screen.onNodeWithText("Record").assertExists()
    }

    /** One of the recordings that come with the model: 16 bits, mono, 16 kHz, behind a header of 44 bytes. */
    private fun generatedVoice(): ShortArray {
        val wav = application.assets.open("emotion/golden/two_sentences.wav").use { it.readBytes() }
        return ShortArray((wav.size - 44) / 2).also { ByteBuffer.wrap(wav, 44, wav.size - 44).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(it) }
    }

    /** Gives [pcm], then silence, so that the segment ends; at the pace of time. */
    private class FakeVoice(private val pcm: ShortArray) : AudioRecordSource {
        private var position = 0

        override fun readInShortArray(audioData: ShortArray, offsetInShorts: Int, sizeInShorts: Int, isBlocking: Boolean): Int {
            for (i in 0 until sizeInShorts) audioData[offsetInShorts + i] = pcm.getOrElse(position++) { 0 }
            Thread.sleep(1_000L * sizeInShorts / 16_000)
            return sizeInShorts
        }
    }

    private companion object {
        const val TIMEOUT_MS = 150_000L
    }
}
