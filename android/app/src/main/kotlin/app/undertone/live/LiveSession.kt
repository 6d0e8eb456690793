package app.undertone.live

import app.undertone.asset.AssetProblem
import app.undertone.asset.EngineSource
import app.undertone.asset.EngineUnavailableException
import app.undertone.engine.EngineEvent
import app.undertone.engine.SpeechDetector
import app.undertone.recording.Microphone
import app.undertone.recording.MicrophoneException
import app.undertone.recording.Recording
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.withContext
import kotlin.concurrent.thread

/** The microphone through the engine: captures on one thread, recognises on another. */
class LiveSession(
    private val microphone: Microphone,
    private val engines: EngineSource,
    private val loading: CoroutineDispatcher = Dispatchers.IO,
) : Listening {
    @Volatile
    private var current: Take? = null

    override suspend fun prepare(): AssetProblem? = withContext(loading) { engines.prepare() }

    override fun listen(): Flow<LiveEvent> = callbackFlow {
        val take = Take(microphone, engines, emit = { trySend(it) })
        current = take
        thread(name = "undertone-capture") {
            take.run()
            close()
        }
        awaitClose { take.discard() }
    }.buffer(Channel.UNLIMITED)

    override fun stop() {
        current?.stop()
    }
}

/** One recording, from tap to tap. [run] captures and returns after the engine, on its own thread, is through with all of it. */
private class Take(
    private val microphone: Microphone,
    private val engines: EngineSource,
    private val emit: (LiveEvent) -> Unit,
) {
    private val audio = AudioQueue(QUEUE_MS / CHUNK_MS)

    @Volatile
    private var recording: Recording? = null

    @Volatile
    private var isStopped = false

    @Volatile
    private var isDiscarded = false

    fun stop() {
        isStopped = true
        recording?.stop()
    }

    fun discard() {
        isDiscarded = true
        stop()
    }

    fun run() {
        try {
            var engine: Thread? = null
            try {
                microphone.start().use { recording ->
                    this.recording = recording
                    if (isStopped) recording.stop()
                    engine = thread(name = "undertone-engine") { recognise(recording.rateHz) }
                    capture(recording)
                }
            } finally {
                // The microphone is free by now; what it gave may still be waiting for the engine.
                audio.finish()
                engine?.join()
            }
        } catch (e: MicrophoneException) {
            emit(LiveEvent.MicrophoneBusy)
        }
    }

    private fun capture(recording: Recording) {
        val chunk = ShortArray(recording.rateHz * CHUNK_MS / 1000)
        while (true) {
            val count = recording.read(chunk)
            if (count == 0) return
            val pcm = chunk.copyOf(count)
            emit(inputLevel(pcm, recording.rateHz))
            audio.put(pcm)
        }
    }

    // The engine opens while audio already queues up, so the first word is not lost to loading.
    private fun recognise(rateHz: Int) {
        try {
            engines.open(rateHz, ::onEngineEvent).use { engine ->
                while (true) {
                    val pcm = audio.take() ?: break
                    if (!isDiscarded) engine.accept(pcm)
                }
                if (!isDiscarded) engine.finish()
            }
        } catch (e: EngineUnavailableException) {
            emit(LiveEvent.Failed(e.problem))
            giveUp()
        } catch (e: Exception) {
            emit(LiveEvent.Failed(AssetProblem.Stopped(e.message ?: e.javaClass.simpleName)))
            giveUp()
        }
    }

    /** Ends the capture, which may be waiting for room in the queue. */
    private fun giveUp() {
        stop()
        while (audio.take() != null) Unit
    }

    private fun onEngineEvent(event: EngineEvent) = when (event) {
        is EngineEvent.Frame -> emit(LiveEvent.Gate(event.isOpen))
        is EngineEvent.Segment -> emit(event.toLiveEvent())
        is EngineEvent.Skipped -> Unit
    }

    private companion object {
        /** As long as one frame of the speech gate: the meter moves with it. */
        const val CHUNK_MS = 32

        /** Recognition may fall this far behind before capture waits for it. */
        const val QUEUE_MS = 60_000
    }
}

private fun EngineEvent.Segment.toLiveEvent() = LiveEvent.Segment(
    emotion = Emotion.entries[estimate.labelIndex],
    probabilities = estimate.probabilities,
    isUncertain = estimate.isUncertain,
    durationMs = ((endSample - startSample) * 1000 / SpeechDetector.SAMPLE_RATE_HZ).toInt(),
)
