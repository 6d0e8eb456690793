package app.undertone.analysis

import android.net.Uri
import app.undertone.asset.AssetProblem
import app.undertone.asset.EngineSource
import app.undertone.asset.EngineUnavailableException
import app.undertone.engine.EmotionEvent
import app.undertone.engine.EngineListener
import app.undertone.engine.StreamEngine
import app.undertone.engine.gate.SpeechDetector
import app.undertone.model.Emotion
import app.undertone.model.SessionStore
import app.undertone.model.SpokenSegment
import app.undertone.model.storing
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withContext
import java.util.concurrent.atomic.AtomicBoolean

/** Learns how far a file is analysed, on any thread; must not wait. */
interface FileFollower {
    /** @param name of the file, where the app that offers it says one. */
    fun onProgress(name: String?, progress: FileStep.Analysing)

    /** There is speech: it is stored as [sessionId], to which [FileAnalysis.analyse] can go back. */
    fun onSession(sessionId: Long)
}

/** What became of a file. */
sealed interface FileEnd {
    data class Done(val sessionId: Long) : FileEnd

    /** What was found before the problem is stored. */
    data class Failed(val problem: FileProblem) : FileEnd

    /** The user deleted the recording meanwhile. */
    data object Deleted : FileEnd
}

/**
 * A file through the engine, decoder and engine by turns: nothing is ever dropped, and the results are those of the same samples
 * from a microphone. They are stored as they come.
 *
 * @param isRecording whether a recording goes on: it has the engine, and the file waits.
 * @param nowMs the time of the session, in milliseconds since the epoch: when it was analysed, as files do not say when they were made.
 */
class FileAnalysis(
    private val decoder: AudioDecoder,
    private val engines: EngineSource,
    private val sessions: SessionStore,
    private val isRecording: () -> Boolean = { false },
    private val worker: CoroutineDispatcher = Dispatchers.IO,
    private val uptimeMs: () -> Long = { System.nanoTime() / 1_000_000 },
    private val nowMs: () -> Long = System::currentTimeMillis,
) {
    /**
     * Analyses [file] as fast as the phone can. Whoever cancels keeps what was found until then, as a recording without its end.
     *
     * @param earlierSessionId where an earlier run of the same file was stored: it goes on behind its last segment.
     */
    suspend fun analyse(file: Uri, earlierSessionId: Long?, follower: FileFollower): FileEnd = withContext(worker) {
        val run = Run(file, FileSession(sessions, follower::onSession, nowMs, uptimeMs), follower)
        try {
            if (earlierSessionId != null) run.session.reopen(earlierSessionId)
            val isCutShort = run.analyse()
            run.session.finish(run.name, isCutShort)
            run.session.id?.let { FileEnd.Done(it) } ?: FileEnd.Failed(if (isCutShort) FileProblem.Damaged else FileProblem.NoSpeech)
        } catch (e: CancellationException) {
            run.cut()
            throw e
        } catch (_: SessionDeletedException) {
            run.cut()
            FileEnd.Deleted
        } catch (e: AudioFileException) {
            run.cut()
            FileEnd.Failed(e.problem)
        } catch (e: EngineUnavailableException) {
            run.cut()
            FileEnd.Failed(FileProblem.Engine(e.problem))
        }
    }

    private inner class Run(private val file: Uri, val session: FileSession, private val follower: FileFollower) {
        var name: String? = null
            private set

        /** A recording takes the engine away: the file goes on behind its last segment, as an engine cannot go on in the middle of one. */
        suspend fun analyse(): Boolean {
            while (true) {
                try {
                    return decoder.open(file).use { analyse(it) }
                } catch (_: PreemptedException) {
                    session.flush(name)
                    follower.onProgress(name, FileStep.Analysing(session.endMs, isWaiting = true))
                }
            }
        }

        /** Stores what was found, whoever cancels; what cannot be stored now is lost with the problem that is told already. */
        suspend fun cut() = withContext(NonCancellable) { storing({}) { session.finish(name, isCutOff = true) } }

        private suspend fun analyse(audio: DecodedAudio): Boolean {
            name = audio.name
            checkLength(audio.lengthMs ?: 0)
            val isPreempted = AtomicBoolean()
            follower.onProgress(name, FileStep.Analysing(session.endMs, audio.lengthMs, isRecording()))
            // Not the return value: what is opened while somebody cancels would be lost, and never closed.
            var engine: StreamEngine? = null
            try {
                recognising { runInterruptible { engine = engines.open { isPreempted.set(true) } } }
                follower.onProgress(name, FileStep.Analysing(session.endMs, audio.lengthMs))
                return play(audio, engine!!, isPreempted)
            } finally {
                recognising { engine?.close() }
            }
        }

        /** Returns whether the file ends before its end. */
        private suspend fun play(audio: DecodedAudio, engine: StreamEngine, isPreempted: AtomicBoolean): Boolean {
            val fromMs = session.endMs
            val listener = SegmentListener(fromMs)
            var rateHz = 0
            var samples = 0L
            var shownSeconds = 0L
            var breaksOff = false
            while (true) {
                currentCoroutineContext().ensureActive()
                if (isPreempted.get()) throw PreemptedException()
                val block = try {
                    audio.next() ?: break
                } catch (e: AudioFileException) {
                    if (e.problem != FileProblem.Damaged || samples == 0L) throw e
                    breaksOff = true // what came before is analysed all the same
                    break
                }
                if (rateHz == 0) {
                    rateHz = block.rateHz
                    start(engine, rateHz, session.startedAtMs + fromMs, listener)
                }
                if (block.rateHz != rateHz) throw AudioFileException(FileProblem.Damaged)
                engine.acceptFrom(fromMs * rateHz / 1000 - samples, block)
                samples += block.length
                val analysedMs = samples * 1000 / rateHz
                session.add(listener.take(), analysedMs, name)
                checkLength(analysedMs)
                if (analysedMs / 1000 != shownSeconds && analysedMs >= fromMs) {
                    shownSeconds = analysedMs / 1000
                    follower.onProgress(name, FileStep.Analysing(analysedMs, audio.lengthMs))
                }
            }
            if (rateHz == 0) throw AudioFileException(FileProblem.Empty)
            recognising { engine.finish() }
            session.add(listener.take(), samples * 1000 / rateHz, name)
            return breaksOff || audio.isCutShort
        }
    }

    /** What was analysed before, the first [skipped] samples, is decoded and left out: that costs little, and no sample is missed or taken twice. */
    private fun StreamEngine.acceptFrom(skipped: Long, block: PcmBlock) {
        val first = skipped.coerceIn(0, block.length.toLong()).toInt()
        if (first == block.length) return
        recognising { accept(if (first == 0) block.pcm else block.pcm.copyOfRange(first, block.length), block.length - first) }
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

    private class PreemptedException : Exception()

    /** @param fromMs where in the file the engine's first sample is. */
    private class SegmentListener(private val fromMs: Long) : EngineListener {
        private val segments = mutableListOf<SpokenSegment>()

        /** Those since the last call. */
        fun take(): List<SpokenSegment> = segments.toList().also { segments.clear() }

        override fun onEvent(event: EmotionEvent) {
            if (event !is EmotionEvent.Segment) return
            segments += SpokenSegment(
                id = 0,
                startMs = fromMs + event.startSample * 1000 / SpeechDetector.SAMPLE_RATE_HZ,
                endMs = fromMs + event.endSample * 1000 / SpeechDetector.SAMPLE_RATE_HZ,
                emotion = Emotion.entries[event.estimate.labelIndex],
                probabilities = event.estimate.probabilities,
                isUncertain = event.estimate.isUncertain,
            )
        }
    }

    private companion object {
        /** Minutes of work for a phone; a lecture fits, a day's recording does not. */
        const val LONGEST_MS = 3 * 3_600_000L
    }
}
