package app.undertone.engine

import io.kotest.common.ExperimentalKotest
import io.kotest.property.Arb
import io.kotest.property.PropTestConfig
import io.kotest.property.arbitrary.bind
import io.kotest.property.arbitrary.list
import io.kotest.property.arbitrary.numericDouble
import io.kotest.property.arbitrary.numericFloat
import io.kotest.property.checkAll
import kotlinx.coroutines.runBlocking
import kotlin.math.abs
import kotlin.math.sin
import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

@OptIn(ExperimentalKotest::class) // PropTestConfig, for a fixed seed
class SessionAdaptationTest {
    private val config = PropTestConfig(seed = 11, iterations = 300)
    private val logits = Arb.list(Arb.numericFloat(-20f, 20f), 4..4)

    @Test
    fun `the numbers are those of the Python reference`() {
        // The doctest of SessionAdaptation.adapted in model_builder/evaluation/session_adaptation.py, to the six digits it prints.
        val bias = listOf(3.0, 0.0, -1.0, -2.0)
        val session = List(40) { row -> List(4) { label -> (2 * sin(1.0 + row * (label + 1)) + bias[label]).toFloat() } }
        val expected = mapOf(
            0 to listOf(4.682942, 1.682942, 0.682942, -0.317058),
            1 to listOf(4.545868, 0.28224, -2.422696, -3.73603),
            10 to listOf(-0.49998, 1.701211, -1.305952, -1.269222),
            39 to listOf(2.990226, -0.895057, -2.167481, -0.659097),
        )

        val adapted = session.adaptedBy(SessionAdaptationParameters(10.0, 1.5))

        for ((row, numbers) in expected) {
            numbers.zip(adapted[row]).forEach { (number, found) -> assertEquals(number, found.toDouble(), 2e-6, "row $row") }
        }
    }

    @Test
    fun `the first result is unchanged, and so is every other until a segment ended`() = runBlocking<Unit> {
        checkAll(config, logits, Arb.numericDouble(0.01, 100.0)) { first, priorResults ->
            val adaptation = SessionAdaptation(SessionAdaptationParameters(priorResults, 1.5), labels = 4)
            repeat(3) { assertEquals(first, adaptation.adapted(first)) }
            adaptation.accept(first)
            adaptation.reset()
            assertEquals(first, adaptation.adapted(first))
        }
    }

    @Test
    fun `no logit moves by more than the largest shift, and the shifts add up to 0 where none is clipped`() = runBlocking<Unit> {
        val parameters = Arb.bind(Arb.numericDouble(0.01, 20.0), Arb.numericDouble(0.01, 40.0), ::SessionAdaptationParameters)
        checkAll(config, Arb.list(logits, 1..50), parameters) { session, drawn ->
            session.zip(session.adaptedBy(drawn)).forEach { (raw, adapted) ->
                val shifts = raw.zip(adapted) { before, after -> before.toDouble() - after }
                assertTrue(shifts.all { abs(it) <= drawn.largestShift + 1e-5 }, "$shifts")
                if (shifts.all { abs(it) < drawn.largestShift - 1e-5 }) assertEquals(0.0, shifts.sum(), 1e-4)
            }
        }
    }

    @Test
    fun `what all labels have in common is no evidence`() = runBlocking<Unit> {
        checkAll(config, Arb.list(logits, 1..20), Arb.numericFloat(-5f, 5f)) { session, common ->
            val parameters = SessionAdaptationParameters(10.0, 1.5)
            val moved = session.map { result -> result.map { it + common } }.adaptedBy(parameters)
            session.adaptedBy(parameters).zip(moved).forEach { (result, same) ->
                result.zip(same).forEach { (logit, more) -> assertEquals(logit + common, more, 1e-4f) }
            }
        }
    }

    @Test
    fun `a voice that is surely angry stays angry for a thousand results`() {
        val random = Random(3)
        // The margin is above twice the largest shift at any time, although the voice is not the same twice.
        val angry = List(1_000) { List(4) { label -> (if (label == 0) 4f else 0f) + (random.nextFloat() - 0.5f) * 0.9f } }

        assertTrue(angry.adaptedBy(SessionAdaptationParameters(10.0, 1.5)).all { it.indexOf(it.max()) == 0 })
    }

    @Test
    fun `a voice whose logits are always the same keeps its label, whatever the parameters are`() = runBlocking<Unit> {
        checkAll(config, logits, Arb.numericDouble(0.1, 20.0), Arb.numericDouble(0.01, 40.0)) { voice, priorResults, largestShift ->
            val top = voice.indices.maxBy { voice[it] }
            List(200) { voice }.adaptedBy(SessionAdaptationParameters(priorResults, largestShift)).forEach {
                assertTrue(it[top] >= it.max() - 1e-4f, "$voice became $it")
            }
        }
    }

    @Test
    fun `parameters that mean nothing are refused`() {
        for (bad in listOf(0.0, -1.0, Double.NaN, Double.POSITIVE_INFINITY)) {
            assertFailsWith<IllegalArgumentException> { SessionAdaptationParameters(bad, 1.5) }
            assertFailsWith<IllegalArgumentException> { SessionAdaptationParameters(10.0, bad) }
        }
    }

    /** The results of one stream in order of time, each adapted and then evidence. */
    private fun List<List<Float>>.adaptedBy(parameters: SessionAdaptationParameters): List<List<Float>> {
        val adaptation = SessionAdaptation(parameters, labels = first().size)
        return map { result -> adaptation.adapted(result).also { adaptation.accept(result) } }
    }
}
