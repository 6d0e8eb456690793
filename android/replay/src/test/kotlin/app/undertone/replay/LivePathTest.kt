package app.undertone.replay

import app.undertone.engine.testing.TinyAsset
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.float
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlin.io.path.div
import kotlin.io.path.readText
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue

class LivePathTest : ReplayHarness() {
    private fun List<JsonObject>.segments() = filter { it.text("type") == "segment" }

    private val report get() = Json.parseToJsonElement((folder / "report.json").readText()).jsonObject

    @Test
    fun `in real time a recording takes as long as it is, and gives the segments of a fast run`() {
        val file = wav("a.wav", twoBursts)
        val fast = run(file).lines

        val live = run("--realtime", "--report", "${folder / "report.json"}", file).lines

        assertEquals(fast.segments().map { it - "time" }, live.segments().map { it - "time" })
        assertTrue(report.number("wall_s") >= 168 * 0.032)
        assertEquals(0.0, report.number("lost_samples"))
        assertTrue(report.getValue("final_latency_ms").jsonObject.number("p50") >= 0)
    }

    @Test
    fun `the report counts frames, results, time and memory`() {
        val file = wav("a.wav", twoBursts)

        run("--report", "${folder / "report.json"}", file, file)

        assertEquals(2 * 168.0, report.number("frames"))
        assertEquals(2 * 168 * 0.032, report.number("audio_s"), 1e-9)
        // After the first second: the hold, the pauses, and the frame that might be a click.
        assertTrue(report.number("frames_gated_share") in 0.2..0.6)
        // Well inside a burst the network hears one frame of four.
        assertTrue(report.number("network_runs_share") in 0.2..0.8 * (1 - report.number("frames_gated_share")))
        assertEquals(4.0, report.getValue("final_latency_ms").jsonObject.number("count"))
        assertEquals(4.0, report.getValue("early_latency_ms").jsonObject.number("count"))
        // A burst is 1.1 s long with its pre-roll, and its early result is of all but the end of it.
        assertTrue(report.number("emotion_passes") in 1.8..2.0)
        assertTrue(report.number("load_ms") > 0 && report.number("load_to_first_result_ms") > report.number("load_ms"))
        assertTrue(report.number("peak_resident_bytes") >= report.number("resident_bytes"))
        assertTrue(report.number("heap_bytes") > 0 && report.number("real_time_factor") > 0)
    }

    @Test
    fun `the report has the CPU time of the gate`() {
        val file = wav("a.wav", twoBursts)

        run("--report", "${folder / "report.json"}", *Array(12) { file }) // a minute: the kernel counts in steps of some milliseconds

        assertTrue(report.number("gate_cpu_ms_a_minute") in 0.1..60_000.0)
    }

    @Test
    fun `CSV has one row for each event, under names, and quotes what has to be`() {
        val file = wav("two, bursts.wav", twoBursts)

        val (exitCode, text) = text("--csv", file)

        assertEquals(0, exitCode)
        val rows = text.lines().filter { it.isNotEmpty() }
        assertEquals(5, rows.size)
        val names = rows.first().split(",")
        val segment = rows.single { it.startsWith("segment,") && "0.212" in it }
        assertTrue(segment.startsWith("segment,\"$file\",0.212,1.536,3392,24576,1970-01-01T00:00:00.212Z,happy,false,"))
        assertEquals(names.size, segment.replace("\"$file\"", "").split(",").size)
    }

    @Test
    fun `CSV rows of frames and of whole files have as many columns as names`() {
        val file = wav("a.wav", twoBursts)

        for (option in listOf("--frames", "--whole")) {
            val rows = text("--csv", option, file).second.lines().filter { it.isNotEmpty() }
            assertEquals(setOf(rows.first().count { it == ',' }), rows.map { row -> row.count { it == ',' } }.toSet())
        }
    }

    @Test
    fun `an asset with session adaptation adds the adapted logits, file by file, unless it is turned off`() {
        val adapting = TinyAsset.withSessionAdaptation(priorResults = 0.5, largestShift = 1_000.0).writeTo(folder / "adapting asset")
        val file = wav("a.wav", twoBursts)
        val plain = run(file).lines
        fun JsonObject.adapted() = getValue("adapted_logits").jsonArray.map { it.jsonPrimitive.float }

        for (speed in listOf(emptyArray(), arrayOf("--realtime"))) {
            val lines = run("--asset", "$adapting", *speed, file, file).lines
            val segments = lines.segments()

            assertEquals(plain.segments().map { it.logits() } + plain.segments().map { it.logits() }, segments.map { it.logits() })
            assertEquals(segments[0].logits(), segments[0].adapted())
            assertNotEquals(segments[1].logits(), segments[1].adapted())
            assertEquals(segments.take(2).map { it.adapted() }, segments.drop(2).map { it.adapted() })
        }
        assertEquals(plain, run("--asset", "$adapting", "--no-session-adaptation", file).lines)
        assertEquals(run("--whole", file).lines, run("--asset", "$adapting", "--whole", file).lines)
    }

    @Test
    fun `arousal and valence are printed where the model says them, after all that was there before`() {
        val both = TinyAsset.withArousalValence().writeTo(folder / "asset with both")
        val file = wav("a.wav", twoBursts)
        fun rows(vararg arguments: String) = text("--csv", "--frames", *arguments, file).second.lines().filter { it.isNotEmpty() }

        val lines = run("--asset", "$both", file).lines
        val columns = rows("--asset", "$both").map { it.split(",") }

        assertEquals(run(file).lines, lines.map { JsonObject(it - "arousal_valence") })
        assertEquals(rows(), columns.map { it.dropLast(2).joinToString(",") })
        assertEquals(listOf("arousal", "valence"), columns.first().takeLast(2))
        val said = lines.map { it.getValue("arousal_valence").jsonObject }
        said.forEach { assertEquals(listOf("arousal", "valence"), it.keys.toList()) }
        assertEquals(
            said.map { listOf(it.text("arousal"), it.text("valence")) },
            columns.filter { it.first() in setOf("early", "segment") }.map { it.takeLast(2) },
        )
    }
}
