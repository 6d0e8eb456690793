package app.undertone.engine

import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.testing.GeneratedAudio
import app.undertone.engine.testing.ReceivedStream
import app.undertone.engine.testing.TinyAsset
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Session adaptation in streams: the tiny model's logits are 100 times the mean, maximum, minimum and mean square. */
class AdaptedStreamTest {
    private val parameters = SessionAdaptationParameters(priorResults = 0.5, largestShift = 1_000.0)
    private val asset = open(TinyAsset.withSessionAdaptation(parameters.priorResults, parameters.largestShift))

    /** Three segments of two seconds, the last one fainter; each with early results. */
    private val pcm = GeneratedAudio.bursts(16 * 512, 70 * 512, 48 * 512, 70 * 512, 48 * 512)
        .let { loud -> loud + GeneratedAudio.noise(70 * 512, peak = 0.6f, seed = 9) + GeneratedAudio.silence(48 * 512) }
        .let { audio -> ShortArray(audio.size) { (audio[it] * 32768).toInt().toShort() } }

    @Test
    fun `results are less what the finished segments before have in common, and early ones are no evidence`() {
        val received = listen(asset)
        val expected = SessionAdaptation(parameters, labels = 4)

        assertEquals(3, received.segments.size)
        assertTrue(received.early.size >= 6)
        for (event in received.events) {
            val estimate = if (event is EmotionEvent.Early) event.estimate else (event as EmotionEvent.Segment).estimate
            assertEquals(expected.adapted(estimate.logits), estimate.adaptedLogits)
            if (event is EmotionEvent.Segment) expected.accept(estimate.logits)
        }
        assertEquals(received.segments[0].estimate.logits, received.segments[0].estimate.adaptedLogits)
        assertNotEquals(received.segments[1].estimate.logits, received.segments[1].estimate.adaptedLogits)
    }

    @Test
    fun `label, probabilities, uncertainty and smoothing follow the adapted logits, and the logits stay the model's`() {
        val (plain, adapted) = listOf(listen(open(TinyAsset())), listen(asset)).map { it.segments }

        assertEquals(plain.map { it.estimate.logits }, adapted.map { it.estimate.logits })
        assertEquals(List(3) { "happy" }, plain.map { it.estimate.label })
        val last = adapted.last()
        assertEquals("neutral", last.estimate.label) // the minimum is the least negative of this stream
        assertEquals(softmax(last.estimate.adaptedLogits!!, temperature = 1.0), last.estimate.probabilities)
        // Two segments before it were happy, and fade; without adaptation all three are.
        assertTrue(last.smoothed.probabilities[2] > 0.3, "${last.smoothed}")
        assertTrue(plain.last().smoothed.probabilities[2] < 1e-9)
    }

    @Test
    fun `every stream begins anew, and one can be heard without adaptation`() {
        val (first, second, without, again) = EmotionEngine(asset).use { engine ->
            List(4) { stream ->
                engine.options = StreamOptions(adaptsToSession = stream != 2)
                ReceivedStream().also { engine.hear(it) }
            }
        }

        assertEquals(first, second)
        assertEquals(listen(open(TinyAsset())), without)
        without.segments.forEach { assertNull(it.estimate.adaptedLogits) }
        assertEquals(first, again)
    }

    @Test
    fun `the options of a stream that goes on does not change`() {
        val received = ReceivedStream()
        EmotionEngine(asset).use { engine ->
            engine.start(16_000, 0, received)
            engine.options = StreamOptions(adaptsToSession = false)
            engine.accept(pcm)
            engine.finish()
        }

        assertEquals(listen(asset), received)
    }

    @Test
    fun `samples that were lost do not end a session`() {
        val received = ReceivedStream()
        EmotionEngine(asset).use { engine ->
            engine.start(16_000, 0, received)
            engine.accept(pcm)
            engine.skip(16_000)
            engine.accept(pcm)
            engine.finish()
        }

        val afterwards = received.segments[3].estimate
        assertNotEquals(afterwards.logits, afterwards.adaptedLogits)
    }

    @Test
    fun `a live stream adapts as the engine does, and the next one on the same engine begins anew`() {
        val direct = listen(asset)
        EmotionEngine(asset).use { engine ->
            repeat(2) {
                val live = ReceivedStream()
                val lent = object : StreamEngine by engine {
                    override fun close() = engine.reset()
                }
                LiveStream(16_000, 0, live) { lent }.use { stream ->
                    assertTrue(stream.offer(pcm))
                    stream.finish()
                }

                assertEquals(direct.segments, live.segments)
                assertTrue(live.failures.isEmpty())
            }
        }
    }

    private fun open(tiny: TinyAsset) = EmotionAsset.open(tiny.asStreams())

    private fun listen(asset: EmotionAsset) = ReceivedStream().also { received -> EmotionEngine(asset).use { it.hear(received) } }

    private fun EmotionEngine.hear(stream: ReceivedStream) {
        start(16_000, 0, stream)
        accept(pcm)
        finish()
    }
}
