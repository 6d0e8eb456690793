package app.undertone.files

import android.net.Uri
import app.undertone.asset.AssetProblem
import app.undertone.asset.EngineSource
import app.undertone.asset.EngineUnavailableException
import app.undertone.engine.EmotionEvent
import app.undertone.engine.EngineListener
import app.undertone.engine.SpeechDetector
import app.undertone.engine.StreamEngine
import app.undertone.history.Session
import app.undertone.history.SessionSource
import app.undertone.history.SessionStore
import app.undertone.history.SpokenSegment
import app.undertone.history.storing
import app.undertone.live.Emotion
import app.undertone.model.zoneOffsetAt
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withContext
import java.util.concurrent.atomic.AtomicBoolean

/**
 * A file through the engine, decoder and engine by turns: nothing is ever dropped, and the results are those of the same samples
 * from a microphone. A file is stored once it is heard to its end, so that history holds no half files.
 *
 * @param isRecording whether a recording goes on: it has the engine, and the file waits.
 * @param nowMs the time of the session, in milliseconds since the epoch: when it was heard, as files do not say when they were made.
 */
class FileSession(
    private val decoder: AudioDecoder,
    private val engines: EngineSource,
    private val sessions: SessionStore,
    private val isRecording: () -> Boolean = { false },
    private val worker: CoroutineDispatcher = Dispatchers.IO,
    private val nowMs: () -> Long = System::currentTimeMillis,
) : FileListening {

    override fun hear(file: Uri): Flow<FileProgress> = flow {
        val last = try {
            val heard = hear(file) { emit(it) }
            storing({ FileProgress.Failed(FileProblem.NotStored) }) { FileProgress.Done(store(heard)) }
        } catch (e: AudioFileException) {
            FileProgress.Failed(e.problem)
        } catch (e: EngineUnavailableException) {
            FileProgress.Failed(FileProblem.Engine(e.problem))
        }
        emit(last)
    }.flowOn(worker).conflate()

    /** A recording takes the engine away: the file begins again behind it, as an engine cannot go on in the middle. */
    private suspend fun hear(file: Uri, onProgress: suspend (FileProgress) -> Unit): HeardFile {
        while (true) {
            try {
                return hearAll(file, onProgress)
            } catch (e: PreemptedException) {
                onProgress(FileProgress.Waiting(e.name))
            }
        }
    }

    private suspend fun hearAll(file: Uri, onProgress: suspend (FileProgress) -> Unit) = decoder.open(file).use { audio ->
        checkLength(audio.lengthMs ?: 0)
        onProgress(if (isRecording()) FileProgress.Waiting(audio.name) else FileProgress.Hearing(audio.name, heardMs = 0, audio.lengthMs))
        val isPreempted = AtomicBoolean()
        val startedAtMs = nowMs()
        val listener = SegmentListener()
        lateinit var played: Played
        // Not the return value: what is opened while somebody cancels would be lost, and never closed.
        var engine: StreamEngine? = null
        try {
            recognising { runInterruptible { engine = engines.open { isPreempted.set(true) } } }
            played = play(audio, engine!!, startedAtMs, listener, isPreempted, onProgress)
        } finally {
            recognising { engine?.close() }
        }
        if (played.lengthMs == 0L) throw AudioFileException(FileProblem.Empty)
        if (listener.segments.isEmpty()) throw AudioFileException(if (played.isCutShort) FileProblem.Damaged else FileProblem.NoSpeech)
        HeardFile(audio.name, startedAtMs, played, listener.segments)
    }

    private suspend fun play(
        audio: DecodedAudio,
        engine: StreamEngine,
        startedAtMs: Long,
        listener: EngineListener,
        isPreempted: AtomicBoolean,
        onProgress: suspend (FileProgress) -> Unit,
    ): Played {
        var rateHz = 0
        var samples = 0L
        var shownSeconds = 0L
        var breaksOff = false
        while (true) {
            currentCoroutineContext().ensureActive()
            if (isPreempted.get()) throw PreemptedException(audio.name)
            val block = try {
                audio.next() ?: break
            } catch (e: AudioFileException) {
                if (e.problem != FileProblem.Damaged || samples == 0L) throw e
                breaksOff = true // what came before is heard all the same
                break
            }
            if (rateHz == 0) {
                rateHz = block.rateHz
                start(engine, rateHz, startedAtMs, listener)
            }
            if (block.rateHz != rateHz) throw AudioFileException(FileProblem.Damaged)
            recognising { engine.accept(block.pcm, block.length) }
            samples += block.length
            val heardMs = samples * 1000 / rateHz
            checkLength(heardMs)
            if (heardMs / 1000 != shownSeconds) {
                shownSeconds = heardMs / 1000
                onProgress(FileProgress.Hearing(audio.name, heardMs, audio.lengthMs))
            }
        }
        if (rateHz == 0) return Played(lengthMs = 0, isCutShort = false)
        recognising { engine.finish() }
        return Played(samples * 1000 / rateHz, breaksOff || audio.isCutShort)
    }

    /** Nothing that the engine does may end more than this file. */
    private inline fun recognising(work: () -> Unit) = storing(
        onFailure = {
            val isNamed = it is EngineUnavailableException || it is AudioFileException
            throw if (isNamed) it else EngineUnavailableException(AssetProblem.Stopped(it.message ?: it.javaClass.simpleName))
        },
        work,
    )

    private fun start(engine: StreamEngine, rateHz: Int, startedAtMs: Long, listener: EngineListener) = recognising {
        try {
            // What a file has meanwhile, nobody sees.
            engine.start(rateHz, startedAtMs, listener, isLate = { true })
        } catch (e: IllegalArgumentException) {
            throw AudioFileException(FileProblem.NotAudio, e) // a rate that no recorder has
        }
    }

    private fun checkLength(lengthMs: Long) {
        if (lengthMs > LONGEST_MS) throw AudioFileException(FileProblem.TooLong(LONGEST_MS))
    }

    /** All of it or nothing, whoever cancels. */
    private suspend fun store(heard: HeardFile): Long = withContext(NonCancellable) {
        val (lengthMs, isCutShort) = heard.played
        val id = sessions.begin(
            Session(
                id = 0,
                SessionSource.File,
                heard.startedAtMs,
                lengthMs = 0,
                title = heard.name,
                isCutOff = isCutShort,
                zoneOffset = zoneOffsetAt(heard.startedAtMs),
            ),
        )
        sessions.append(id, heard.segments, lengthMs)
        sessions.finish(id, lengthMs)
        id
    }

    /** @param name of the file. */
    private class PreemptedException(val name: String?) : Exception()

    private class HeardFile(val name: String?, val startedAtMs: Long, val played: Played, val segments: List<SpokenSegment>)

    /** @param isCutShort the file ends before its end. */
    private data class Played(val lengthMs: Long, val isCutShort: Boolean)

    private class SegmentListener : EngineListener {
        val segments = mutableListOf<SpokenSegment>()

        override fun onEvent(event: EmotionEvent) {
            if (event !is EmotionEvent.Segment) return
            segments += SpokenSegment(
                id = 0,
                startMs = event.startSample * 1000 / SpeechDetector.SAMPLE_RATE_HZ,
                endMs = event.endSample * 1000 / SpeechDetector.SAMPLE_RATE_HZ,
                emotion = Emotion.entries[event.smoothed.labelIndex],
                probabilities = event.smoothed.probabilities,
                isUncertain = event.smoothed.isUncertain,
            )
        }
    }

    private companion object {
        /** Minutes of work for a phone; a lecture fits, a day's recording does not. */
        const val LONGEST_MS = 3 * 3_600_000L
    }
}
