package app.undertone.history.room

import android.app.Application
import android.content.Context
import android.database.SQLException
import androidx.test.core.app.ApplicationProvider
import app.undertone.history.HistorySamples
import app.undertone.model.Emotion
import app.undertone.model.KeptAudioFormat
import app.undertone.model.Mark
import app.undertone.model.Session
import app.undertone.model.SessionSource
import app.undertone.model.SessionSummary
import app.undertone.model.SpokenSegment
import app.undertone.model.summary.outline
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.produceIn
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.After
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.io.File
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.measureTime

/** Real SQLite in a file, without the app's own store beside it. */
@RunWith(RobolectricTestRunner::class)
@Config(application = Application::class)
class RoomSessionStoreTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val database = SessionDatabase.of(context)
    private val store = RoomSessionStore(database) { folder.root }

    @After
    fun close() = store.close()

    @Test
    fun `deleted audio is gone from the disk, what was recognised stays, and a session that goes on keeps its own`() = test {
        val (finished, open) = listOf("finished.wav", "open.wav").map { name ->
            listOf(name, KeptAudioFormat.levelsName(name)).forEach { folder.root.resolve(it).writeText("RIFF") }
            store.begin(session.copy(audioFile = name))
        }
        store.finish(finished, lengthMs = 1_000)
        store.deleteAudio(finished)
        store.deleteAudio(open)
        assertEquals(setOf("open.wav", "open.wav.levels"), folder.root.list().orEmpty().filter { "wav" in it }.toSet())
        assertNull(store.session(finished).first()?.audioFile)
        assertEquals(1_000, store.session(finished).first()?.lengthMs)
        assertEquals("open.wav", store.session(open).first()?.audioFile)
    }

    @Test
    fun `a summary adds up what was heard, the user's word before the model's, and what was uncertain`() = test {
        val id = store.begin(session)
        val corrected = store.append(id, listOf(segment(Emotion.Angry, 0, 1_000)), 1_000).single()
        store.append(id, listOf(segment(Emotion.Angry, 1_000, 3_000)), 3_000).single()
        store.append(id, listOf(segment(Emotion.Sad, 3_000, 3_500, isUncertain = true)), 3_500).single()
        val uncertain = store.append(id, listOf(segment(Emotion.Sad, 4_000, 4_300, isUncertain = true)), 4_300).single()
        store.correct(corrected, Emotion.Happy)
        store.correct(uncertain, Emotion.Neutral)

        val summary = store.summaries().first().single()
        assertEquals(listOf(2_000L, 1_000L, 300L, 0L), summary.sharesMs)
        assertEquals(500, summary.uncertainMs)
        val recognised = store.segments(id).first().groupBy({ it.recognised }, { it.durationMs }).mapValues { it.value.sum() }
        assertEquals(recognised, Emotion.entries.zip(summary.sharesMs).toMap<Emotion?, Long>().filterValues { it > 0 } + (null to 500L))
    }

    @Test
    fun `what a list shows follows from the segments, whatever happens to them and their session`() = test {
        val id = store.begin(session)
        suspend fun assertFollows(lengthMs: Long) {
            val summary = store.summaries().first().single()
            assertEquals(lengthMs, summary.session.lengthMs)
            assertEquals(SessionSummary(summary.session, store.segments(id).first().outline(lengthMs)), summary)
        }
        for (segment in HistorySamples.conversation.take(4)) store.append(id, listOf(segment), segment.endMs).also { assertFollows(segment.endMs) }
        store.extend(id, 40_000)
        assertFollows(40_000)
        store.correct(store.segments(id).first()[1].id, Emotion.Angry)
        assertFollows(40_000)
        store.append(id, HistorySamples.conversation.drop(4), 90_000)
        assertFollows(90_000)
        store.finish(id, 95_000)
        assertFollows(95_000)
        store.correct(store.segments(id).first()[0].id, Emotion.Sad)
        store.correct(store.segments(id).first()[1].id, null)
        assertFollows(95_000)
    }

    @Test
    fun `segments that could not be stored are in no outline`() = test {
        val id = store.begin(session)
        store.append(id, listOf(segment(Emotion.Angry, 0, 1_000)), 1_000)
        val stored = store.segments(id).first().single()
        assertFailsWith<SQLException> { store.append(id, listOf(stored), 2_000) } // an id that is taken
        store.append(id, listOf(segment(Emotion.Sad, 1_000, 3_000)), 3_000)
        assertEquals(listOf(1_000L, 0, 0, 2_000), store.summaries().first().single().sharesMs)
    }

    @Test
    fun `the newest that fit are found however far back they are, and the list follows what is added and deleted`() = test {
        val ids = List(230) { store.begin(session.copy(startedAtMs = it / 2L, title = if (it % 100 == 0) "here" else null)) }
        assertEquals(ids.reversed().take(60), store.newest(60).first().map { it.session.id })
        val fitting = store.newest(60) { it.session.title == "here" }
        assertEquals(listOf(ids[200], ids[100], ids[0]), fitting.first().map { it.session.id })
        assertEquals(listOf(ids[200]), store.newest(1) { it.session.title == "here" }.first().map { it.session.id })
        coroutineScope {
            val lists = fitting.produceIn(this)
            assertEquals(3, lists.receive().size)
            store.delete(ids[100])
            assertEquals(listOf(ids[200], ids[0]), lists.receive().map { it.session.id })
            store.rename(ids[7], "here")
            assertEquals(listOf(ids[200], ids[7], ids[0]), lists.receive().map { it.session.id })
            lists.cancel()
        }
        assertEquals(listOf(ids[229], ids[228]), store.since(114).first().map { it.session.id })
        store.tag(ids[3], listOf("work", "home"))
        store.tag(ids[4], listOf("work"))
        store.tag(ids[5], emptyList())
        store.delete(ids[4])
        assertEquals(listOf(listOf("work", "home")), store.tags().first())
    }

    @Test
    fun `sessions are listed newest first, those without speech too`() = test {
        for (startedAtMs in listOf(5L, 9L, 7L)) store.begin(session.copy(startedAtMs = startedAtMs))
        val summaries = store.summaries().first()
        assertEquals(listOf(9L, 7L, 5L), summaries.map { it.session.startedAtMs })
        assertTrue(summaries.all { it.sharesMs == List(4) { 0L } && it.uncertainMs == 0L })
    }

    @Test
    fun `everything about a session and its segments comes back as it was stored`() = test {
        val whole = session.copy(lengthMs = 12, title = "Ärger, \"laut\"", tags = listOf("home, office", "\"x\""), audioFile = "1.wav")
        val id = store.begin(whole)
        val recognised = segment(Emotion.Sad, 7, 12, isUncertain = true).copy(correctedTo = Emotion.Happy, pausedMs = 3)
        val segmentId = store.append(id, listOf(recognised), 12).single()
        assertEquals(whole.copy(id = id), store.session(id).first())
        assertEquals(listOf(recognised.copy(id = segmentId)), store.segments(id).first())

        store.rename(id, null)
        store.tag(id, emptyList())
        store.correct(segmentId, null)
        store.finish(id, 15)
        assertEquals(Session(id, SessionSource.Microphone, 1, 15, audioFile = "1.wav", isFinished = true), store.session(id).first())
        assertNull(store.segments(id).first().single().correctedTo)
    }

    @Test
    fun `marks are in order of time, come back as they were when they are stored again, and go with their session`() = test {
        val (id, other) = List(2) { store.begin(session) }
        store.mark(id, listOf(Mark(0, positionMs = 9_000, markedAtMs = 70), Mark(0, 2_000, 50)))
        store.mark(other, listOf(Mark(0, 1, 1)))
        val (first, second) = store.marks(id).first()
        assertEquals(listOf(2_000L to 50L, 9_000L to 70L), listOf(first, second).map { it.positionMs to it.markedAtMs })
        store.deleteMark(first.id)
        assertEquals(listOf(second), store.marks(id).first())
        store.mark(id, listOf(first))
        assertEquals(listOf(first, second), store.marks(id).first())
        assertFailsWith<SQLException> { store.mark(17, listOf(Mark(0, 1, 1))) }

        store.delete(id)
        store.purge()
        assertEquals(listOf(0, 1), listOf(id, other).map { store.marks(it).first().size })
    }

    @Test
    fun `a deleted session is out of sight until it is restored`() = test {
        val id = store.begin(session)
        store.append(id, listOf(segment(Emotion.Sad, 0, 10)), 10).single()
        store.delete(id)
        assertTrue(store.summaries().first().isEmpty())
        assertNull(store.session(id).first())
        store.restore(id)
        assertEquals(10, store.summaries().first().single().sharesMs[Emotion.Sad.ordinal])
    }

    @Test
    fun `a purge removes what was deleted, with its audio, and nothing else`() = test {
        val (deleted, kept) = listOf("deleted.wav", "kept.wav").map { name ->
            listOf(name, KeptAudioFormat.levelsName(name)).forEach { File(folder.root, it).writeText("audio") }
            store.begin(session.copy(audioFile = name)).also { store.append(it, listOf(segment(Emotion.Sad, 0, 10)), 10).single() }
        }
        store.delete(deleted)
        store.purge()
        store.restore(deleted)
        assertEquals(listOf(kept), store.summaries().first().map { it.session.id })
        assertTrue(store.segments(deleted).first().isEmpty())
        assertEquals(1, store.segments(kept).first().size)
        assertEquals(listOf("kept.wav", "kept.wav.levels"), folder.root.list()!!.sorted())

        File(folder.root, "of-no-session.wav").writeText("audio")
        store.deleteEverything()
        assertTrue(store.summaries().first().isEmpty() && folder.root.list()!!.isEmpty())
    }

    @Test
    fun `a segment of no session is refused`() = test {
        assertFailsWith<SQLException> { store.append(17, listOf(segment(Emotion.Sad, 0, 10)), 10).single() }
        assertTrue(store.segments(17).first().isEmpty())
    }

    @Test
    fun `the silence that ended a recording is stored with its end, and forgotten where it goes on`() = test {
        val id = store.begin(session)
        store.finish(id, 120_000, stoppedAfterSilenceMin = 2)
        assertEquals(2, store.session(id).first()?.stoppedAfterSilenceMin)
        store.reopen(id)
        assertNull(store.session(id).first()?.stoppedAfterSilenceMin)
        store.finish(id, 130_000)
        assertNull(store.session(id).first()?.stoppedAfterSilenceMin)
    }

    @Test
    fun `what a dead process left unfinished is finished by the next, as long as it was`() = test {
        val id = store.begin(session)
        store.append(id, listOf(segment(Emotion.Sad, 0, 900)), 1_000).single()
        store.extend(id, 2_500)
        store.close() // as the connections of a process that dies; it finishes no session
        RoomSessionStore(context) { folder.root }.use { next ->
            assertEquals(session.copy(id = id, lengthMs = 2_500, isFinished = true, isCutOff = true), next.session(id).first())
            assertEquals(1, next.segments(id).first().size)
        }
    }

    @Test
    fun `ten thousand segments are listed within 300 ms`() = test {
        val many = List(100) { store.begin(session.copy(startedAtMs = it.toLong())) }
        for (id in many) store.append(id, manySegments(100), 1_000)
        assertEquals(10_000 * 10L, store.summaries().first().sumOf { it.sharesMs.sum() })
        assertFast("100 sessions of 100 segments listed") { store.summaries().first() }

        val long = store.begin(session)
        store.append(long, manySegments(10_000), 100_000)
        assertEquals(10_000, store.segments(long).first().size)
        assertFast("10,000 segments of one session read") { store.segments(long).first() }
        assertFast("20,000 segments listed") { store.summaries().first() }
    }

    @Test
    fun `a change is told once, and no change not at all`() = test {
        coroutineScope {
            val id = store.begin(session)
            val other = store.begin(session.copy(startedAtMs = 2))
            val summaries = store.summaries().produceIn(this)
            val segments = store.segments(id).produceIn(this)
            assertEquals(2 to 0, summaries.receive().size to segments.receive().size)

            val segmentId = store.append(id, listOf(segment(Emotion.Sad, 0, 900)), 1_000).single()
            assertEquals(listOf(0L, 1_000L), summaries.receive().map { it.session.lengthMs })
            assertEquals(1, segments.receive().size)
            // Neither the same again nor another session's segment changes what is shown.
            store.correct(segmentId, null)
            store.extend(id, 1_000)
            store.append(other, listOf(segment(Emotion.Sad, 0, 10)), 10).single()
            assertEquals(10, summaries.receive().first().session.lengthMs)
            assertFalse(summaries.speaks())
            assertFalse(segments.speaks())
            summaries.cancel()
            segments.cancel()
        }
    }

    private suspend fun ReceiveChannel<*>.speaks() = withTimeoutOrNull(SILENCE_MS) { receive() } != null

    private fun test(body: suspend () -> Unit) = runBlocking(Dispatchers.Default) { body() }

    /** The fastest of five: the machine may have other work. */
    private suspend fun assertFast(what: String, read: suspend () -> Unit) {
        val time = List(5) { measureTime { read() } }.min()
        println("RoomSessionStoreTest: $what in $time")
        assertTrue(time.inWholeMilliseconds <= 300, "$what in $time")
    }

    private fun manySegments(count: Int) = List(count) { segment(Emotion.entries[it % 4], it * 10L, it * 10L + 10) }

    private fun segment(emotion: Emotion, startMs: Long, endMs: Long, isUncertain: Boolean = false) =
        SpokenSegment(0, startMs, endMs, emotion, listOf(0.1, 0.2, 0.3, 0.4), isUncertain)

    private companion object {
        val session = Session(0, SessionSource.Microphone, startedAtMs = 1, lengthMs = 0)

        /** Room tells of a change within milliseconds. */
        const val SILENCE_MS = 500L
    }
}
