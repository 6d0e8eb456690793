package app.undertone.live

import app.undertone.asset.AssetProblem
import app.undertone.asset.EngineSource
import app.undertone.asset.EngineUnavailableException
import app.undertone.engine.EngineEvent
import app.undertone.engine.LiveListener
import app.undertone.engine.LiveStream
import app.undertone.engine.SmoothedEmotion
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
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.thread
import kotlin.concurrent.withLock

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
        if (current?.isRecording == true) {
            send(LiveEvent.MicrophoneBusy)
            close()
            return@callbackFlow
        }
        val take = Take(microphone, engines, emit = { trySend(it) })
        current = take
        thread(name = "undertone-capture") {
            take.run()
            close()
        }
        awaitClose { take.discard() }
    }.buffer(Channel.UNLIMITED)

    override fun pause() {
        current?.pause()
    }

    override fun resume() {
        current?.resume()
    }

    override fun stop() {
        current?.stop()
    }
}

/**
 * One recording, from tap to tap. [run] captures and returns after the engine, on its own thread, is through with all of it.
 *
 * Each part between pauses is a stream of its own: the voice before a pause and the one after it are never one segment, and the
 * microphone may come back at another rate.
 */
private class Take(
    private val microphone: Microphone,
    private val engines: EngineSource,
    private val emit: (LiveEvent) -> Unit,
) : LiveListener {
    @Volatile
    private var recording: Recording? = null

    @Volatile
    private var stream: LiveStream? = null

    @Volatile
    private var isStopped = false

    @Volatile
    private var isDiscarded = false

    @Volatile
    private var isPaused = false

    /** The part that is recorded ends because of a pause, even one that is over already. */
    @Volatile
    private var endsInPause = false

    private val lock = ReentrantLock()
    private val goesOn = lock.newCondition()

    /** The audio of the parts before this one. */
    @Volatile
    private var earlierMs = 0L

    val isRecording: Boolean get() = !isStopped

    fun stop() {
        isStopped = true
        recording?.stop()
        lock.withLock { goesOn.signalAll() }
    }

    fun discard() {
        isDiscarded = true
        // Before the capture ends: its end would have the engine recognise what is left.
        stream?.stop()
        stop()
    }

    fun pause() {
        isPaused = true
        endsInPause = true
        recording?.stop()
    }

    fun resume() = lock.withLock {
        isPaused = false
        goesOn.signalAll()
    }

    fun run() {
        try {
            do earlierMs += recordPart() while (isResumed())
        } catch (e: MicrophoneException) {
            emit(LiveEvent.MicrophoneBusy)
        } finally {
            isStopped = true
        }
    }

    /** Waits for the end of a pause. Returns false where the recording is over. */
    private fun isResumed(): Boolean = lock.withLock {
        val hasPaused = endsInPause
        endsInPause = false
        while (isPaused && !isStopped) goesOn.await()
        hasPaused && !isStopped
    }

    /** Records until a pause or the end, and waits for the engine. Returns the length in ms. */
    private fun recordPart(): Long {
        try {
            return microphone.start().use { recording ->
                this.recording = recording
                if (isStopped || isPaused) recording.stop()
                // The engine opens while audio already queues up, so the first word is not lost to loading.
                val stream = LiveStream(recording.rateHz, System.currentTimeMillis(), listener = this, openEngine = engines::open)
                this.stream = stream
                if (isDiscarded) stream.stop()
                capture(recording, stream) * 1000 / recording.rateHz
            }
        } finally {
            // The microphone is free by now; what it gave may still be waiting for the engine.
            stream?.finish()
        }
    }

    /** Returns the number of samples. */
    private fun capture(recording: Recording, stream: LiveStream): Long {
        val chunk = ShortArray(recording.rateHz * CHUNK_MS / 1000)
        var samples = 0L
        while (true) {
            val count = recording.read(chunk)
            if (count == 0) return samples
            samples += count
            emit(inputLevel(chunk, count, recording.rateHz))
            stream.offer(chunk, count)
        }
    }

    override fun onFrame(startSample: Long, levelDbfs: Float, speechProbability: Float, reachedNetwork: Boolean, isOpen: Boolean) =
        emit(LiveEvent.Gate(isOpen))

    override fun onEvent(event: EngineEvent) = when (event) {
        is EngineEvent.Early -> emit(event.smoothed.toLiveEvent(event, earlierMs, isSoFar = true))
        is EngineEvent.Segment -> emit(event.smoothed.toLiveEvent(event, earlierMs, isSoFar = false))
        is EngineEvent.Skipped, is EngineEvent.Gap -> Unit
    }

    override fun onFailure(failure: Exception) {
        val problem = (failure as? EngineUnavailableException)?.problem
        emit(LiveEvent.Failed(problem ?: AssetProblem.Stopped(failure.message ?: failure.javaClass.simpleName)))
        stop()
    }

    private companion object {
        /** As long as one frame of the speech gate: the meter moves with it. */
        const val CHUNK_MS = 32
    }
}

private fun SmoothedEmotion.toLiveEvent(event: EngineEvent, earlierMs: Long, isSoFar: Boolean) = LiveEvent.Segment(
    emotion = Emotion.entries[labelIndex],
    probabilities = probabilities,
    isUncertain = isUncertain,
    isSoFar = isSoFar,
    startMs = earlierMs + event.startSample * 1000 / SpeechDetector.SAMPLE_RATE_HZ,
    durationMs = ((event.endSample - event.startSample) * 1000 / SpeechDetector.SAMPLE_RATE_HZ).toInt(),
)
