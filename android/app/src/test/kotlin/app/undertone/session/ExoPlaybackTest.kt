package app.undertone.session

import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.media.AudioManager
import android.os.Looper
import androidx.annotation.OptIn
import androidx.media3.common.util.UnstableApi
import androidx.media3.exoplayer.ExoPlayer
import androidx.media3.exoplayer.NoSampleRenderer
import androidx.media3.session.MediaController
import androidx.media3.session.SessionToken
import androidx.test.core.app.ApplicationProvider
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
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ServiceController
import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.time.Duration
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** ExoPlayer itself with a real WAV, its session and its service, on Robolectric's clock: all but the decoder and the sound. */
@OptIn(UnstableApi::class)
@RunWith(RobolectricTestRunner::class)
class ExoPlaybackTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val audio = context.getSystemService(AudioManager::class.java)
    private var isRecording = false
    private val playback by lazy {
        ExoPlayback(context, { folder.root }, { isRecording }) { context ->
            ExoPlayer.Builder(context, { _, _, _, _, _ -> arrayOf(Soundless()) })
        }
    }
    private val scope = CoroutineScope(Dispatchers.Main + Job())
    private var state = PlaybackState()

    @Before
    fun offerAudio() {
        writeWav(folder.newFile("call.wav"), lengthMs = 3_000)
        scope.launch { playback.state.collect { state = it } }
    }

    @After
    fun close() {
        playback.close()
        scope.coroutineContext[Job]?.cancel()
    }

    /** Silence in 16 kHz mono. */
    private fun writeWav(file: File, lengthMs: Int) {
        val bytes = lengthMs * 32
        val header = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN)
        header.put("RIFF".toByteArray()).putInt(36 + bytes).put("WAVEfmt ".toByteArray()).putInt(16)
        header.putShort(1).putShort(1).putInt(16_000).putInt(32_000).putShort(2).putShort(16).put("data".toByteArray()).putInt(bytes)
        file.writeBytes(header.array() + ByteArray(bytes))
    }

    private fun open(file: String = "call.wav") {
        val opening = scope.launch { playback.open(file) }
        eventually("$file was not opened") { opening.isCompleted }
    }

    /** Files are read on threads of their own, and not by Robolectric's clock. */
    private fun eventually(otherwise: String, isSo: () -> Boolean) {
        val giveUpAt = System.nanoTime() + 10_000_000_000
        while (!isSo()) {
            pass(10)
            assertTrue(System.nanoTime() < giveUpAt, otherwise)
        }
        pass(0)
    }

    /** In small steps: the player works on a thread of its own, which waits for this clock. */
    private fun pass(ms: Long) = repeat((ms / 10).toInt().coerceAtLeast(1)) {
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(minOf(10, ms)))
        Thread.sleep(1)
    }

    private fun assertPosition(expectedMs: Long) = assertEquals(expectedMs.toDouble(), state.positionMs.toDouble(), 200.0)

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
        assertPosition(1_000)
        playback.pause()
        pass(1_000)
        assertEquals(PlaybackStatus.Paused, state.status)
        assertPosition(1_000)
    }

    @Test
    fun `it plays from where it was put, at the speed that was chosen`() {
        open()
        playback.seekTo(1_000)
        playback.setSpeed(2f)
        pass(20)
        assertEquals(PlaybackState(PlaybackStatus.Paused, 1_000, 3_000, speed = 2f), state)
        playback.play()
        pass(500)
        assertEquals(PlaybackStatus.Playing to 2f, state.status to state.speed)
        assertPosition(2_000)
    }

    @Test
    fun `at its end it waits at its start`() {
        open()
        playback.play()
        pass(4_000)
        assertEquals(PlaybackState(PlaybackStatus.Paused, positionMs = 0, lengthMs = 3_000), state)
        playback.play()
        pass(500)
        assertEquals(PlaybackStatus.Playing, state.status)
        assertPosition(500)
    }

    @Test
    fun `it stops when another app needs the sound, does not go on by itself, and stops when headphones are pulled out`() {
        open()
        playback.play()
        pass(200)
        val focus = shadowOf(audio).lastAudioFocusRequest.run { audioFocusRequest?.let { listener } ?: listener }
        focus.onAudioFocusChange(AudioManager.AUDIOFOCUS_LOSS_TRANSIENT)
        pass(20)
        assertEquals(PlaybackStatus.Paused, state.status)
        focus.onAudioFocusChange(AudioManager.AUDIOFOCUS_GAIN)
        pass(20)
        assertEquals(PlaybackStatus.Paused, state.status)
        playback.play()
        pass(200)
        assertEquals(PlaybackStatus.Playing, state.status)
        context.sendBroadcast(Intent(AudioManager.ACTION_AUDIO_BECOMING_NOISY))
        eventually("it plays on") { state.status == PlaybackStatus.Paused }
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
        open("lost.wav")
        assertEquals(PlaybackStatus.Failed, state.status)
        playback.play()
        playback.seekTo(100)
        pass(100)
        assertEquals(PlaybackStatus.Failed, state.status)
    }

    @Test
    fun `a damaged file is said`() {
        folder.root.resolve("noise.wav").writeBytes(ByteArray(5_000) { (it * 31).toByte() })
        open("noise.wav")
        assertEquals(PlaybackStatus.Failed, state.status)
    }

    private fun service(): ServiceController<PlaybackService> = Robolectric.buildService(PlaybackService::class.java).create().startCommand(0, 1)

    @Test
    fun `while it plays a service has its controls, which end with the page`() {
        open()
        assertNull(shadowOf(context as android.app.Application).nextStartedService)
        playback.play()
        assertEquals(ComponentName(context, PlaybackService::class.java), shadowOf(context).nextStartedService.component)
        val service = service()
        pass(500)
        assertEquals(1, service.get().sessions.size)
        eventually("no notification") { shadowOf(service.get()).lastForegroundNotification != null }
        val shown = shadowOf(service.get()).lastForegroundNotification
        assertEquals("Kept recording", shown.extras.getCharSequence("android.title").toString())
        assertEquals(listOf("10 seconds back", "Pause", "10 seconds forward"), shown.actions.map { it.title.toString() })

        playback.close()
        pass(100)
        assertEquals(ComponentName(context, PlaybackService::class.java), shadowOf(context).nextStoppedService.component)
        assertEquals(0, service.get().sessions.size)
        service.destroy()
    }

    @Test
    fun `a lock screen pauses, steps and plays, but not into a recording`() {
        open()
        playback.play()
        val service = service()
        val connecting = MediaController.Builder(context, service.get().sessions.single().token).buildAsync()
        eventually("no controller") { connecting.isDone }
        val controls = connecting.get()
        pass(1_000)
        controls.pause()
        eventually("it plays on") { state.status == PlaybackStatus.Paused }
        controls.seekForward()
        eventually("it did not step") { state.positionMs > 2_500 }
        controls.seekBack()
        eventually("it did not step back") { state.positionMs == 0L }
        isRecording = true
        controls.play()
        pass(300)
        assertEquals(PlaybackStatus.Paused, state.status)
        playback.play()
        pass(300)
        assertEquals(PlaybackStatus.Paused, state.status)
        isRecording = false
        controls.play()
        eventually("it does not play") { state.status == PlaybackStatus.Playing }
        controls.release()
        service.destroy()
    }

    @Test
    fun `who swipes the app away hears no more of it`() {
        open()
        playback.play()
        val service = service()
        pass(500)
        service.get().onTaskRemoved(null)
        eventually("it plays on") { state.status == PlaybackStatus.Paused }
        service.destroy()
    }

    /** At least one renderer has to be there. */
    private class Soundless : NoSampleRenderer() {
        override fun getName() = "soundless"

        override fun render(positionUs: Long, elapsedRealtimeUs: Long) = Unit
    }
}
