package app.undertone.selfcheck

import android.os.Debug
import app.undertone.asset.AssetProblem
import app.undertone.asset.assetProblemOf
import app.undertone.engine.EmotionClassifier
import app.undertone.engine.asset.AssetSource
import app.undertone.engine.asset.EmotionAsset
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlin.math.abs
import kotlin.math.ceil

/** Checks this phone. */
fun interface SelfChecking {
    /** Whoever stops collecting cancels the check. */
    fun check(): Flow<SelfCheckProgress>
}

/** How far the check is. [Finished] or [Failed] is the last. */
sealed interface SelfCheckProgress {
    /**
     * @param done of [total] runs. The first [clips] compare each clip once, the others measure the time.
     */
    data class Running(val done: Int, val total: Int, val clips: Int) : SelfCheckProgress {
        /** Counted from 1; null while the time is measured. */
        val clip: Int? get() = (done + 1).takeIf { done < clips }

        /** How far the clips are, or the measuring after them, in 0..1. */
        val share: Float get() = if (done < clips) done.toFloat() / clips else (done - clips).toFloat() / (total - clips)
    }

    data class Finished(val report: SelfCheckReport) : SelfCheckProgress

    data class Failed(val problem: AssetProblem) : SelfCheckProgress
}

/**
 * Runs the golden clips of the asset through a classifier of its own: first each once, for its logits and to warm up, then
 * [TIMED_RUNS] times for the clock. On one thread, as the engine does.
 */
class SelfCheck(private val source: AssetSource, private val worker: CoroutineDispatcher = Dispatchers.Default) : SelfChecking {

    override fun check(): Flow<SelfCheckProgress> = flow {
        val last = try {
            SelfCheckProgress.Finished(measure { emit(it) })
        } catch (e: CancellationException) {
            throw e
        } catch (e: Throwable) {
            SelfCheckProgress.Failed(assetProblemOf(e) ?: throw e)
        }
        emit(last)
    }.flowOn(worker)

    private suspend fun measure(onProgress: suspend (SelfCheckProgress.Running) -> Unit): SelfCheckReport {
        val startedNanos = System.nanoTime()
        val asset = EmotionAsset.open(source)
        return EmotionClassifier(asset).use { classifier ->
            val loadMs = millisSince(startedNanos)
            val golden = source.readGoldenClips()
            val clips = golden.cases.map { it to source.readPcm(it) }
            val total = clips.size * (1 + TIMED_RUNS)
            var progress = SelfCheckProgress.Running(done = 0, total, clips.size)
            val advance = suspend {
                progress = progress.copy(done = progress.done + 1)
                onProgress(progress)
            }
            onProgress(progress)

            var largestLogitError = 0.0
            var wrongLabels = 0
            for ((clip, pcm) in clips) {
                currentCoroutineContext().ensureActive()
                val estimate = classifier.classify(pcm)
                val error = clip.logits.zip(estimate.logits).maxOf { (expected, found) -> abs(expected.toDouble() - found) }
                largestLogitError = maxOf(largestLogitError, error)
                if (estimate.labelIndex != clip.logits.indices.maxBy { clip.logits[it] }) wrongLabels++
                advance()
            }
            val msPerSecond = mutableListOf<Double>()
            repeat(TIMED_RUNS) {
                for ((_, pcm) in clips) {
                    currentCoroutineContext().ensureActive()
                    val runNanos = System.nanoTime()
                    classifier.classify(pcm)
                    msPerSecond += millisSince(runNanos) * asset.manifest.sampleRateHz / pcm.size
                    advance()
                }
            }
            SelfCheckReport(
                clips = clips.size,
                largestLogitError = largestLogitError,
                tolerance = golden.tolerance,
                wrongLabels = wrongLabels,
                loadMs = loadMs,
                medianMsPerSecond = percentile(msPerSecond, 0.5),
                slowMsPerSecond = percentile(msPerSecond, 0.95),
                memoryKib = Debug.getPss(),
                modelSha256 = asset.manifest.files.first { it.name == MODEL }.sha256.take(SHOWN_DIGITS),
            )
        }
    }

    private fun millisSince(nanos: Long) = (System.nanoTime() - nanos) / 1e6

    private companion object {
        const val TIMED_RUNS = 3
        const val MODEL = "model.onnx"
        const val SHOWN_DIGITS = 12
    }
}

/** The smallest of [values] that at least the share [rank] of them, in 0..1, do not exceed (nearest rank). */
internal fun percentile(values: List<Double>, rank: Double): Double =
    values.sorted()[(ceil(rank * values.size).toInt() - 1).coerceAtLeast(0)]
