package app.undertone.model

import app.undertone.history.HistorySamples.at
import app.undertone.history.HistorySamples.session
import app.undertone.history.HistorySamples.zone
import app.undertone.model.summary.week
import org.junit.Test
import java.time.LocalDate
import kotlin.test.assertEquals

class HistoryFilterTest {
    private val late = SessionSummary(session(at(2026, 11, 23, 23, 59), title = "Late", tags = listOf("home")), listOf(0, 0, 800, 200), 0)
    private val office = SessionSummary(session(at(2026, 11, 24, 0, 0), title = "Office", tags = listOf("Work", "home")), listOf(199, 400, 0, 0), 401)
    private val silent = SessionSummary(session(at(2026, 11, 24, 9, 0)), listOf(0, 0, 0, 0), 0)
    private val all = listOf(silent, office, late)

    private fun matching(filter: HistoryFilter) = all.filter { it.fits(filter, zone) }

    @Test
    fun `nothing chosen shows everything, in its order`() = assertEquals(all, matching(HistoryFilter()))

    @Test
    fun `names and tags are searched, whatever their case`() {
        assertEquals(listOf(office), matching(HistoryFilter(query = " wOrK ")))
        assertEquals(listOf(late), matching(HistoryFilter(query = "LA")))
        assertEquals(all, matching(HistoryFilter(query = "  ")))
    }

    @Test
    fun `a day is that of the place, from midnight to midnight`() {
        assertEquals(listOf(late), matching(HistoryFilter(day = LocalDate.of(2026, 11, 23))))
        assertEquals(listOf(silent, office), matching(HistoryFilter(day = LocalDate.of(2026, 11, 24))))
        assertEquals(emptyList(), matching(HistoryFilter(day = LocalDate.of(2026, 11, 22))))
    }

    @Test
    fun `an emotion is found from a fifth of the speech on, not sure included, and never in silence`() {
        assertEquals(listOf(late), matching(HistoryFilter(emotions = setOf(Emotion.Sad))))
        assertEquals(emptyList(), matching(HistoryFilter(emotions = setOf(Emotion.Angry))))
        assertEquals(listOf(office), matching(HistoryFilter(emotions = setOf(Emotion.Happy, Emotion.Angry))))
    }

    @Test
    fun `one of several tags or emotions is enough, but each kind of choice has to fit`() {
        assertEquals(listOf(office, late), matching(HistoryFilter(tags = setOf("Work", "home"))))
        assertEquals(listOf(late), matching(HistoryFilter(tags = setOf("home"), emotions = setOf(Emotion.Neutral))))
        assertEquals(emptyList(), matching(HistoryFilter(tags = setOf("Work"), emotions = setOf(Emotion.Neutral))))
    }

    @Test
    fun `the most used tags come first, then by name`() {
        assertEquals(listOf("home", "Work"), all.map { it.session.tags }.mostUsedTags(8))
        assertEquals(listOf("home"), all.map { it.session.tags }.mostUsedTags(1))
        assertEquals(emptyList(), listOf(silent.session.tags).mostUsedTags(8))
    }

    @Test
    fun `a day that has left the week and a tag that is gone are not chosen any more`() {
        val day = LocalDate.of(2026, 11, 24)
        val chosen = HistoryFilter("a", day, setOf(Emotion.Sad), setOf("home", "gone"))
        assertEquals(chosen.copy(tags = setOf("home")), chosen.within(listOf(day), listOf("home")))
        assertEquals(chosen.copy(day = null, tags = emptySet()), chosen.within(listOf(day.plusDays(1)), emptyList()))
    }
}
