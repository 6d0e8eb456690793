package app.undertone.live

import app.undertone.history.FakeSessionStore
import app.undertone.model.Emotion
import app.undertone.model.LiveEvent
import app.undertone.model.SpokenSegment
import app.undertone.model.UndoableDeletion
import app.undertone.settings.FakeSettings
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.setMain
import org.junit.After
import org.junit.Before

/** The Live screen's view model over a recorder that does what the test says. */
@OptIn(ExperimentalCoroutinesApi::class)
abstract class LiveViewModelTestBase {
    protected val listening = FakeListening()
    protected val settings = FakeSettings()
    protected val corrections = mutableListOf<Pair<SpokenSegment, Emotion?>>()
    protected val screen = Job()
    protected val store = FakeSessionStore()
    protected val deletion = UndoableDeletion(store)
    protected val viewModel by lazy {
        LiveViewModel(listening, settings, SavedRecordings(store, deletion)) { segment, to -> corrections += segment to to }
            .also(::watch)
    }
    protected val state get() = viewModel.state.value

    @Before
    fun runOnThisThread() = Dispatchers.setMain(UnconfinedTestDispatcher())

    @After
    fun restoreMain() {
        screen.cancel()
        Dispatchers.resetMain()
    }

    protected fun watch(viewModel: LiveViewModel) = CoroutineScope(Dispatchers.Main + Job(screen)).launch { viewModel.state.collect {} }

    protected fun tap(isGranted: Boolean = true, shouldExplain: Boolean = false, mayNotify: Boolean = true) =
        viewModel.onRecordTap(isGranted, shouldExplain, mayNotify)

    protected fun segment(emotion: Emotion, isUncertain: Boolean = false, isSoFar: Boolean = false, startMs: Long = 0) = LiveEvent.Segment(
        emotion = emotion,
        probabilities = Emotion.entries.map { if (it == emotion) 0.7 else 0.1 },
        isUncertain = isUncertain,
        isSoFar = isSoFar,
        startMs = startMs,
        durationMs = 1_200,
    )
}
