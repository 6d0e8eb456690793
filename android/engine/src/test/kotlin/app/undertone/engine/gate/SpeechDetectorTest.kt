package app.undertone.engine.gate

import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.testing.TinyAsset
import app.undertone.engine.testing.TinyModels
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** The memory gate gives 1,000 times the frames heard before, plus the oldest sample of the context. */
class SpeechDetectorTest {
    private val asset = EmotionAsset.open(TinyAsset(speechModel = TinyModels.memoryGate()).asStreams())
    private val frames = List(4) { frame -> FloatArray(512) { frame + it / 1000f } }

    @Test
    fun `the model sees the last 64 samples of the frame before, and its own state`() {
        SpeechDetector(asset).use { detector ->
            val probabilities = frames.map(detector::probability)

            assertEquals(listOf(0f, 1000 + frames[0][448], 2000 + frames[1][448], 3000 + frames[2][448]), probabilities)
        }
    }

    @Test
    fun `a frame that is left out counts as no frame, but gives the next one its context`() {
        SpeechDetector(asset).use { detector ->
            detector.probability(frames[0])
            detector.skip(frames[1])

            assertEquals(1000 + frames[1][448], detector.probability(frames[2]))
        }
    }

    @Test
    fun `a reset forgets the context and the state`() {
        SpeechDetector(asset).use { detector ->
            val first = frames.take(3).map(detector::probability)
            detector.reset()

            assertEquals(first, frames.take(3).map(detector::probability))
        }
    }

    @Test
    fun `two detectors do not hear each other`() {
        SpeechDetector(asset).use { one ->
            SpeechDetector(asset).use { other ->
                one.probability(frames[3])

                assertEquals(0f, other.probability(frames[0]))
            }
        }
    }

    @Test
    fun `a frame of another length is refused`() {
        SpeechDetector(asset).use { detector ->
            assertFailsWith<IllegalArgumentException> { detector.probability(FloatArray(511)) }
            assertFailsWith<IllegalArgumentException> { detector.skip(FloatArray(513)) }
        }
    }
}
