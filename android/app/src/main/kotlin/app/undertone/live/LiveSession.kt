package app.undertone.live

import app.undertone.asset.AssetProblem
import app.undertone.asset.EngineSource
import app.undertone.asset.EngineUnavailableException
import app.undertone.engine.EmotionEstimate
import app.undertone.engine.EmotionEvent
import app.undertone.engine.EngineListener
import app.undertone.engine.LiveListener
import app.undertone.engine.LiveStream
import app.undertone.engine.MicrophoneException
import app.undertone.engine.MicrophoneProblem
import app.undertone.engine.Recording
import app.undertone.engine.SmoothedEmotion
import app.undertone.engine.StreamEngine
import app.undertone.engine.android.MicrophoneChoice
import app.undertone.engine.gate.SpeechDetector
import app.undertone.model.Emotion
import app.undertone.model.InputLevel
import app.undertone.model.LiveEvent
import app.undertone.recording.Capture
import app.undertone.recording.Microphones
import app.undertone.recording.audio.KeptAudioException
import app.undertone.recording.audio.KeptAudioStream
import app.undertone.recording.audio.KeptAudioWriter
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.withContext
import kotlin.concurrent.thread

/** The microphone through the engine: captures on one thread, recognises on another. */
class LiveSession(
    private val microphones: Microphones,
    private val engines: EngineSource,
    private val loading: CoroutineDispatcher = Dispatchers.IO,
) : Capture {
    override suspend fun prepare(): AssetProblem? = withContext(loading) { engines.prepare() }

    override fun take(choice: MicrophoneChoice, kept: KeptAudioWriter?, until: Job, isWatched: () -> Boolean): Flow<LiveEvent> =
        record({ take -> until.invokeOnCompletion { take.stop() } }) { emit ->
            Take({ microphones.start(choice) }, { EarlyWhile(isWatched, engines.open()) }, kept, emit)
        }

    override fun trial(choice: MicrophoneChoice): Flow<LiveEvent> = flow {
        val preempted = Job()
        val onPreempted: () -> Unit = { preempted.complete() }
        val events = record({ take -> preempted.invokeOnCompletion { take.discard() } }) { emit ->
            Take({ microphones.start(choice) }, { EarlyWhile({ false }, engines.open(onPreempted)) }, kept = null, emit) // shows the gate only
        }
        emitAll(events)
    }

    private fun record(endOn: (Take) -> DisposableHandle, begin: (emit: (LiveEvent) -> Unit) -> Take): Flow<LiveEvent> = callbackFlow {
        val take = begin { trySend(it) }
        val stopping = endOn(take)
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

/** Gives early results only while somebody sees them. */
private class EarlyWhile(private val isWatched: () -> Boolean, private val engine: StreamEngine) : StreamEngine by engine {
    override fun start(inputRateHz: Int, startedAtMs: Long, listener: EngineListener, isLate: () -> Boolean) =
        engine.start(inputRateHz, startedAtMs, listener) { !isWatched() || isLate() }
}

/** One take. [run] captures and returns after the engine and the disk, on threads of their own, are through with all of it. */
private class Take(
    private val startRecording: () -> Recording,
    private val openEngine: () -> StreamEngine,
    private val kept: KeptAudioWriter?,
    private val emit: (LiveEvent) -> Unit,
) : LiveListener {
    @Volatile
    private var recording: Recording? = null

    /** The disk's, where audio is kept, before the engine's. */
    @Volatile
    private var streams = emptyList<LiveStream>()

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
        streams.forEach { it.stop() }
        stop()
    }

    fun run() {
        try {
            try {
                startRecording().use { recording ->
                    this.recording = recording
                    if (isStopped) recording.stop()
                    recording.voiceProcessing.takeIf { it.isNotEmpty() }?.let { emit(LiveEvent.Altered(it)) }
                    // The engine opens while audio already queues up, so the first word is not lost to loading.
                    streams = listOfNotNull(kept?.let { stream(recording) { KeptAudioStream(it) } }, stream(recording, openEngine))
                    if (isDiscarded) streams.forEach { it.stop() }
                    capture(recording)
                }
            } finally {
                // The microphone is free by now; what it gave may still be waiting for the engine.
                streams.forEach { it.finish() }
            }
        } catch (e: MicrophoneException) {
            emit(LiveEvent.MicrophoneFailed(e.problem))
        } catch (_: RuntimeException) {
            emit(LiveEvent.MicrophoneFailed(MicrophoneProblem.ServerDied)) // what a driver throws ends the recording, not the app
        }
    }

    private fun stream(recording: Recording, open: () -> StreamEngine) =
        LiveStream(recording.rateHz, System.currentTimeMillis(), listener = this, openEngine = open)

    private fun capture(recording: Recording) {
        val chunk = ShortArray(recording.rateHz * CHUNK_MS / 1000)
        val level = InputLevel(recording.rateHz)
        while (true) {
            val count = recording.read(chunk)
            if (count == 0) return
            if (recording.lostSamples > 0) {
                lose(recording, recording.lostSamples, silencedBy = null)
                level.reset()
            }
            val silencedBy = recording.silencedBy
            if (silencedBy != null) {
                lose(recording, count.toLong(), silencedBy)
                level.reset()
            } else {
                streams.forEach { it.offer(chunk, count) }
                emit(level.measure(chunk, count, passedMs(count.toLong(), recording.rateHz)))
            }
        }
    }

    private fun lose(recording: Recording, samples: Long, silencedBy: MicrophoneProblem?) {
        streams.forEach { it.skip(samples) }
        emit(LiveEvent.Lost(passedMs(samples, recording.rateHz), silencedBy))
    }

    /** The length of the next [samples], so rounded that all lengths add up. */
    private fun passedMs(samples: Long, rateHz: Int): Int {
        val before = passedSamples * 1000 / rateHz
        passedSamples += samples
        return (passedSamples * 1000 / rateHz - before).toInt()
    }

    override fun onFrame(startSample: Long, levelDbfs: Float, speechProbability: Float, reachedNetwork: Boolean, isOpen: Boolean) =
        emit(LiveEvent.Gate(isOpen, endMs = (startSample + SpeechDetector.FRAME_SAMPLES) * 1000 / SpeechDetector.SAMPLE_RATE_HZ))

    override fun onEvent(event: EmotionEvent) = when (event) {
        is EmotionEvent.Early -> emit(event.estimate.toLiveEvent(event, event.smoothed, isSoFar = true))
        is EmotionEvent.Segment -> emit(event.estimate.toLiveEvent(event, event.smoothed, isSoFar = false))
        is EmotionEvent.Skipped, is EmotionEvent.Gap -> Unit
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

private fun EmotionEstimate.toLiveEvent(event: EmotionEvent, smoothed: SmoothedEmotion, isSoFar: Boolean) = LiveEvent.Segment(
    emotion = Emotion.entries[labelIndex],
    probabilities = probabilities,
    isUncertain = isUncertain,
    isSoFar = isSoFar,
    startMs = event.startSample * 1000 / SpeechDetector.SAMPLE_RATE_HZ,
    durationMs = ((event.endSample - event.startSample) * 1000 / SpeechDetector.SAMPLE_RATE_HZ).toInt(),
    arousalValence = arousalValence,
    smoothed = smoothed,
)
