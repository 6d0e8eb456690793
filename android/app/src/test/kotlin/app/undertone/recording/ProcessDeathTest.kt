package app.undertone.recording

import android.app.Application
import android.content.Context
import android.os.Looper
import androidx.test.core.app.ApplicationProvider
import app.undertone.RecordedSpeech
import app.undertone.asset.EngineSource
import app.undertone.asset.PackagedEngines
import app.undertone.engine.StreamEngine
import app.undertone.engine.android.PackagedAssetSource
import app.undertone.engine.asset.AssetSource
import app.undertone.history.room.RoomSessionStore
import app.undertone.live.FakeMicrophone
import app.undertone.live.LiveSession
import app.undertone.model.Emotion
import app.undertone.settings.DataStoreSettings
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.io.File
import java.io.InputStream
import java.util.concurrent.ConcurrentHashMap
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** A recording through the real engine, asset, store and settings, cut off without any end. */
@RunWith(RobolectricTestRunner::class)
@Config(application = Application::class)
class ProcessDeathTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val audio get() = folder.root.resolve("audio")
    private val speech = RecordedSpeech.find().pcm
    private val pcm = speech + ShortArray(SILENCE_SAMPLES) + speech.copyOf(speech.size / 2)

    /** Where the disk and the models worked. */
    private val threads: MutableSet<Thread> = ConcurrentHashMap.newKeySet()

    private fun store() = RoomSessionStore(context) { audio.also { threads += Thread.currentThread() } }

    @Test
    fun `what was heard before the process died is there after it, without the last seconds of its length`() = runBlocking {
        val process = CoroutineScope(Dispatchers.Default + Job())
        val store = store()
        val recorder = recorder(process, store)
        recorder.start()
        val screen = launch(start = CoroutineStart.UNDISPATCHED) { recorder.join().collect {} }
        val wav = { audio.listFiles().orEmpty().singleOrNull() }
        eventually { wav()?.let { it.length() >= pcm.size * 2L } == true }
        eventually { store.summaries().first().any { it.session.lengthMs > 0 } }
        val id = store.summaries().first().single().session.id
        eventually { store.segments(id).first().isNotEmpty() }
        val before = store.segments(id).first()
        val atDeath = File(folder.root, "at-death.wav").also { wav()!!.copyTo(it) }
        process.cancel()
        screen.cancel()

        val next = store()
        val session = next.summaries().first().single().session
        assertTrue(session.isFinished && session.isCutOff)
        assertTrue(session.lengthMs >= maxOf(before.last().endMs, pcm.size / 16 - STORED_EVERY_MS), "$session")
        assertEquals(wav()!!.name, session.audioFile)
        assertEquals(before, next.segments(session.id).first().take(before.size))
        val recognised = RecordedSpeech.readWav(atDeath)
        assertTrue(recognised.size in pcm.size - LOST_AT_MOST_MS * 16..pcm.size, "${recognised.size} samples")
        assertContentEquals(pcm.copyOf(recognised.size), recognised)
        process.coroutineContext.job.join()
        store.close()
        next.close()
    }

    @Test
    fun `neither disk nor models ever work on the main thread`() = runBlocking {
        val process = CoroutineScope(Dispatchers.Default + Job())
        val store = store()
        // Started, stopped and deleted on the main thread, as screens do. Room itself refuses to work there.
        val recorder = recorder(process, store)
        recorder.start()
        eventually { audio.listFiles().orEmpty().singleOrNull()?.let { it.length() >= pcm.size * 2L } == true }
        recorder.stop()
        recorder.state.first { it == RecorderState.Idle }
        store.deleteEverything()
        assertTrue(audio.listFiles()!!.isEmpty())
        assertTrue(threads.isNotEmpty())
        assertTrue(Looper.getMainLooper().thread !in threads, "$threads")
        process.coroutineContext.job.cancelAndJoin()
        store.close()
    }

    private suspend fun recorder(process: CoroutineScope, store: RoomSessionStore): SessionRecorder {
        val settings = DataStoreSettings(process) {
            threads += Thread.currentThread()
            folder.root.resolve("settings.preferences_pb")
        }
        settings.update { it.copy(keepsAudio = true) }
        val packaged = PackagedAssetSource(context)
        val source = object : AssetSource by packaged {
            override fun open(name: String): InputStream {
                threads += Thread.currentThread()
                return packaged.open(name)
            }
        }
        return SessionRecorder(
            capture = LiveSession(FakeMicrophone(pcm), Watched(PackagedEngines(source, Emotion.labels))),
            store = store,
            settings = settings,
            audioFolder = { audio.also { threads += Thread.currentThread() } },
            scope = process,
            onStart = { true },
        )
    }

    private inner class Watched(private val engines: EngineSource) : EngineSource by engines {
        override fun open(onPreempted: (() -> Unit)?): StreamEngine {
            threads += Thread.currentThread()
            val engine = engines.open(onPreempted)
            return object : StreamEngine by engine {
                override fun accept(pcm: ShortArray, length: Int) {
                    threads += Thread.currentThread()
                    engine.accept(pcm, length)
                }

                override fun finish() {
                    threads += Thread.currentThread()
                    engine.finish()
                }
            }
        }
    }

    private companion object {
        const val SILENCE_SAMPLES = 16_000
        const val LOST_AT_MOST_MS = 2_000
        const val STORED_EVERY_MS = 15_000L
    }
}
