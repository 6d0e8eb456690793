package app.undertone.chaos

import android.database.sqlite.SQLiteDiskIOException
import android.database.sqlite.SQLiteFullException
import app.undertone.engine.EmotionEstimate
import app.undertone.engine.EmotionEvent
import app.undertone.engine.SmoothedEmotion
import java.io.FileNotFoundException
import java.io.IOException

/** What other apps' providers, extractors, codecs and drivers throw, declared or not. */
internal val FAILURES: List<Exception> = listOf(
    IllegalArgumentException("no"),
    IllegalStateException("no"),
    UnsupportedOperationException("no"),
    NullPointerException("no"),
    SecurityException("no"),
    IOException("no"),
    FileNotFoundException("no"),
)

/** What storage throws on top of that. */
internal val STORAGE_FAILURES: List<Exception> = FAILURES + SQLiteFullException("full") + SQLiteDiskIOException("broken")

/** What an engine that was fed says in the end. */
internal val lastSegment = EmotionEvent.Segment(
    startSample = 0,
    endSample = 16_000,
    startTimeMs = 0,
    EmotionEstimate("sad", labelIndex = 3, List(4) { 0f }, List(4) { .25 }, isUncertain = false),
    SmoothedEmotion("sad", labelIndex = 3, listOf(.1, .1, .1, .7), isUncertain = false),
)

/** One part fails: it is told by its name, and throws whatever its signature says. */
internal class Failing {
    @Volatile
    private var part: String? = null

    @Volatile
    private var failure: Exception? = null

    /** The failing part was used since it was made to fail. */
    @Volatile
    var wasReached = false
        private set

    @Volatile
    private var isOnce = false

    /** @param once it works again after that. */
    fun let(part: String?, failure: Exception? = null, once: Boolean = false) {
        wasReached = false
        isOnce = once
        this.failure = failure
        this.part = part
    }

    fun <T> at(part: String, behave: () -> T): T {
        if (part != this.part) return behave()
        wasReached = true
        if (isOnce) this.part = null
        throw checkNotNull(failure)
    }
}
