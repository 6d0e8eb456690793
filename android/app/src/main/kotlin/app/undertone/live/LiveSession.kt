package app.undertone.live

import app.undertone.asset.AssetProblem
import app.undertone.asset.EngineSource
import app.undertone.asset.EngineUnavailableException
import app.undertone.engine.ArousalValence
import app.undertone.engine.EngineEvent
import app.undertone.engine.LiveListener
import app.undertone.engine.LiveStream
import app.undertone.engine.SmoothedEmotion
import app.undertone.engine.SpeechDetector
import app.undertone.engine.StreamEngine
import app.undertone.recording.KeepingEngine
import app.undertone.recording.KeptAudioException
import app.undertone.recording.KeptAudioWriter
import app.undertone.recording.Microphone
import app.undertone.recording.MicrophoneChoice
import app.undertone.recording.MicrophoneException
import app.undertone.recording.Recording
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
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
) : Capture {
    override suspend fun prepare(): AssetProblem? = withContext(loading) { engines.prepare() }

    override fun take(choice: MicrophoneChoice, kept: KeptAudioWriter?, until: Job): Flow<LiveEvent> = callbackFlow {
        val open = { engines.open().let { if (kept == null) it else KeepingEngine(it, kept) } }
        val take = Take({ microphone.start(choice) }, open, emit = { trySend(it) })
        val stopping = until.invokeOnCompletion { take.stop() }
        thread(name = "undertone-capture") {
            take.run()
            close()
        }
        awaitClose {
            stopping.dispose()
            take.discard()
        }
    }.buffer(Channel.UNLIMITED)
}

/** One take. [run] captures and returns after the engine, on its own thread, is through with all of it. */
private class Take(
    private val startRecording: () -> Recording,
    private val openEngine: () -> StreamEngine,
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

    private var passedSamples = 0L

    fun stop() {
        isStopped = true
        recording?.stop()
    }

    fun discard() {
        isDiscarded = true
        // Before the capture ends: its end would have the engine recognise what is left.
        stream?.stop()
        stop()
    }

    fun run() {
        try {
            try {
                startRecording().use { recording ->
                    this.recording = recording
                    if (isStopped) recording.stop()
                    // The engine opens while audio already queues up, so the first word is not lost to loading.
                    val stream = LiveStream(recording.rateHz, System.currentTimeMillis(), listener = this, openEngine = openEngine)
                    this.stream = stream
                    if (isDiscarded) stream.stop()
                    capture(recording, stream)
                }
            } finally {
                // The microphone is free by now; what it gave may still be waiting for the engine.
                stream?.finish()
            }
        } catch (e: MicrophoneException) {
            emit(LiveEvent.MicrophoneBusy)
        }
    }

    private fun capture(recording: Recording, stream: LiveStream) {
        val chunk = ShortArray(recording.rateHz * CHUNK_MS / 1000)
        while (true) {
            val count = recording.read(chunk)
            if (count == 0) return
            if (recording.lostSamples > 0) lose(recording, stream, recording.lostSamples, isSilenced = false)
            if (recording.isSilenced) {
                lose(recording, stream, count.toLong(), isSilenced = true)
            } else {
                stream.offer(chunk, count)
                emit(inputLevel(chunk, count, passedMs(count.toLong(), recording.rateHz)))
            }
        }
    }

    private fun lose(recording: Recording, stream: LiveStream, samples: Long, isSilenced: Boolean) {
        stream.skip(samples)
        emit(LiveEvent.Lost(passedMs(samples, recording.rateHz), isSilenced))
    }

    /** The length of the next [samples], so rounded that all lengths add up. */
    private fun passedMs(samples: Long, rateHz: Int): Int {
        val before = passedSamples * 1000 / rateHz
        passedSamples += samples
        return (passedSamples * 1000 / rateHz - before).toInt()
    }

    override fun onFrame(startSample: Long, levelDbfs: Float, speechProbability: Float, reachedNetwork: Boolean, isOpen: Boolean) =
        emit(LiveEvent.Gate(isOpen))

    override fun onEvent(event: EngineEvent) = when (event) {
        is EngineEvent.Early -> emit(event.smoothed.toLiveEvent(event, event.estimate.arousalValence, isSoFar = true))
        is EngineEvent.Segment -> emit(event.smoothed.toLiveEvent(event, event.estimate.arousalValence, isSoFar = false))
        is EngineEvent.Skipped, is EngineEvent.Gap -> Unit
    }

    override fun onFailure(failure: Exception) {
        val reason = failure.message ?: failure.javaClass.simpleName
        emit(
            when (failure) {
                is EngineUnavailableException -> LiveEvent.Failed(failure.problem)
                is KeptAudioException -> LiveEvent.NotStored(reason)
                else -> LiveEvent.Failed(AssetProblem.Stopped(reason))
            },
        )
        stop()
    }

    private companion object {
        /** As long as one frame of the speech gate: the meter moves with it. */
        const val CHUNK_MS = 32
    }
}

private fun SmoothedEmotion.toLiveEvent(event: EngineEvent, arousalValence: ArousalValence?, isSoFar: Boolean) = LiveEvent.Segment(
    emotion = Emotion.entries[labelIndex],
    probabilities = probabilities,
    isUncertain = isUncertain,
    isSoFar = isSoFar,
    startMs = event.startSample * 1000 / SpeechDetector.SAMPLE_RATE_HZ,
    durationMs = ((event.endSample - event.startSample) * 1000 / SpeechDetector.SAMPLE_RATE_HZ).toInt(),
    arousalValence = arousalValence,
)
