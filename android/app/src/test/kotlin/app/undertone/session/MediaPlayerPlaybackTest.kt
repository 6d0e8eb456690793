package app.undertone.session

import android.content.Context
import android.content.Intent
import android.media.AudioManager
import android.os.Looper
import androidx.test.core.app.ApplicationProvider
import app.undertone.ui.position
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import org.junit.After
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowLooper
import org.robolectric.shadows.ShadowMediaPlayer
import org.robolectric.shadows.ShadowMediaPlayer.MediaInfo
import org.robolectric.shadows.util.DataSource
import java.time.Duration
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** The player of the Android framework, as far as Robolectric has it: its states and its clock, without sound. */
@RunWith(RobolectricTestRunner::class)
class MediaPlayerPlaybackTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val audio = context.getSystemService(AudioManager::class.java)
    private val playback by lazy { MediaPlayerPlayback(context) { folder.root } }
    private val scope = CoroutineScope(Dispatchers.Main + Job())
    private var state = PlaybackState()

    @Before
    fun offerAudio() {
        ShadowMediaPlayer.addMediaInfo(DataSource.toDataSource(folder.root.resolve("call.wav").path), MediaInfo(3_000, 0))
        scope.launch { playback.state.collect { state = it } }
    }

    @After
    fun close() {
        playback.close()
        scope.coroutineContext[Job]?.cancel()
    }

    private fun open(file: String = "call.wav") {
        val opening = scope.launch { playback.open(file) }
        val giveUpAt = System.nanoTime() + 10_000_000_000
        while (!opening.isCompleted) {
            ShadowLooper.idleMainLooper()
            assertTrue(System.nanoTime() < giveUpAt, "$file was not opened")
        }
        pass(0)
    }

    private fun pass(ms: Long) = shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(ms))

    @Test
    fun `a kept recording waits at its start`() {
        open()
        assertEquals(PlaybackState(PlaybackStatus.Paused, positionMs = 0, lengthMs = 3_000), state)
    }

    @Test
    fun `the position follows the sound, and waits with it`() {
        open()
        playback.play()
        pass(1_000)
        assertEquals(PlaybackStatus.Playing, state.status)
        assertEquals(1_000.0, state.positionMs.toDouble(), 150.0)
        playback.pause()
        pass(1_000)
        assertEquals(PlaybackStatus.Paused, state.status)
        assertEquals(1_000.0, state.positionMs.toDouble(), 150.0)
    }

    @Test
    fun `it plays from where it was put`() {
        open()
        playback.seekTo(2_000)
        pass(0)
        assertEquals(2_000L, state.positionMs)
        playback.play()
        pass(500)
        assertEquals(2_500.0, state.positionMs.toDouble(), 150.0)
    }

    @Test
    fun `at its end it waits at its start, and gives the sound back`() {
        open()
        playback.play()
        pass(3_500)
        assertEquals(PlaybackState(PlaybackStatus.Paused, positionMs = 0, lengthMs = 3_000), state)
        assertEquals(shadowOf(audio).lastAudioFocusRequest.audioFocusRequest, shadowOf(audio).lastAbandonedAudioFocusRequest)
        playback.play()
        pass(500)
        assertEquals(PlaybackStatus.Playing, state.status)
    }

    @Test
    fun `it stops when another app needs the sound, and when headphones are pulled out`() {
        open()
        playback.play()
        pass(200)
        shadowOf(audio).lastAudioFocusRequest.audioFocusRequest.let { request ->
            shadowOf(audio).lastAudioFocusRequest.listener.onAudioFocusChange(AudioManager.AUDIOFOCUS_LOSS_TRANSIENT)
            pass(0)
            assertEquals(PlaybackStatus.Paused, state.status)
            assertEquals(request, shadowOf(audio).lastAbandonedAudioFocusRequest)
        }
        playback.play()
        pass(200)
        assertEquals(PlaybackStatus.Playing, state.status)
        context.sendBroadcast(Intent(AudioManager.ACTION_AUDIO_BECOMING_NOISY))
        pass(0)
        assertEquals(PlaybackStatus.Paused, state.status)
    }

    @Test
    fun `a speed that is chosen stays, whether it plays or waits`() {
        open()
        playback.setSpeed(1.5f)
        pass(0)
        assertEquals(PlaybackState(PlaybackStatus.Paused, positionMs = 0, lengthMs = 3_000, speed = 1.5f), state)
        playback.play()
        pass(1_000)
        playback.setSpeed(2f)
        pass(0)
        assertEquals(PlaybackStatus.Playing to 2f, state.status to state.speed)
        assertEquals(1_000.0, state.positionMs.toDouble(), 150.0)
        playback.pause()
        pass(0)
        assertEquals(2f, state.speed)
    }

    @Test
    fun `it does not play while the sound is not to be had`() {
        open()
        shadowOf(audio).setNextFocusRequestResponse(AudioManager.AUDIOFOCUS_REQUEST_FAILED)
        playback.play()
        pass(200)
        assertEquals(PlaybackStatus.Paused, state.status)
    }

    @Test
    fun `a missing or damaged file is said`() {
        ShadowMediaPlayer.addException(DataSource.toDataSource(folder.root.resolve("lost.wav").path), java.io.IOException("no such file"))
        open("lost.wav")
        assertEquals(PlaybackStatus.Failed, state.status)
        playback.play()
        playback.seekTo(100)
        pass(100)
        assertEquals(PlaybackStatus.Failed, state.status)
    }
}
