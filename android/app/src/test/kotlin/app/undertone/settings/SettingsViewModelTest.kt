package app.undertone.settings

import app.undertone.asset.AssetProblem
import app.undertone.engine.GateSensitivity
import app.undertone.engine.MicrophoneProblem
import app.undertone.engine.StreamOptions
import app.undertone.engine.VoiceProcessing
import app.undertone.engine.android.MicrophoneDevice
import app.undertone.model.LiveEvent
import app.undertone.recording.FakeCapture
import app.undertone.ui.watch
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.setMain
import org.junit.After
import org.junit.Before
import org.junit.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

@OptIn(ExperimentalCoroutinesApi::class)
class SettingsViewModelTest {
    private val store = FakeSettings()
    private val capture = FakeCapture()
    private val devices = MutableStateFlow(listOf(MicrophoneDevice("Phone", 15)))
    private val viewModel by lazy { SettingsViewModel(store, capture::trial, devices).also { it.state.watch() } }
    private val state get() = viewModel.state.value

    @Before
    fun runOnThisThread() = Dispatchers.setMain(UnconfinedTestDispatcher())

    @After
    fun restoreMain() = Dispatchers.resetMain()

    private fun begunTake() = capture.takes.tryReceive().getOrThrow()

    private fun FakeCapture.Take.hear(levelDbfs: Float) =
        hear(LiveEvent.Level(levelDbfs, isClipped = false, durationMs = 32), LiveEvent.Gate(isOpen = true))

    @Test
    fun `a choice is stored and shown`() {
        viewModel.change { it.copy(theme = ThemeChoice.Dark) }
        assertEquals(ThemeChoice.Dark, store.now.value.theme)
        assertEquals(ThemeChoice.Dark, state.settings?.theme)
    }

    @Test
    fun `microphones come and go`() {
        assertEquals(listOf(MicrophoneDevice("Phone", 15)), state.devices)
        devices.value = listOf(MicrophoneDevice("Phone", 15), MicrophoneDevice("Headset", 3))
        assertEquals(listOf(MicrophoneDevice("Phone", 15), MicrophoneDevice("Headset", 3)), state.devices)
    }

    @Test
    fun `the trial shows level and gate until it ends`() {
        viewModel.startTrial()
        begunTake().hear(-20f)
        assertEquals(MicrophoneTrial(isOn = true, levelDbfs = -20f, isGateOpen = true), state.trial)
        viewModel.endTrial()
        assertEquals(MicrophoneTrial(), state.trial)
    }

    @Test
    fun `a trial without the engine says that it waits, until the gate decides`() {
        viewModel.startTrial()
        val take = begunTake()
        take.hear(*Array(40) { LiveEvent.Level(-20f, isClipped = false, durationMs = 32) }) // loading takes as long
        assertFalse(state.trial.isWaiting)
        take.hear(*Array(20) { LiveEvent.Level(-20f, isClipped = false, durationMs = 32) })
        assertTrue(state.trial.isWaiting)
        take.hear(LiveEvent.Gate(isOpen = true))
        assertFalse(state.trial.isWaiting)
    }

    @Test
    fun `the trial says what the phone does to the voice`() {
        viewModel.startTrial()
        begunTake().hear(LiveEvent.Altered(setOf(VoiceProcessing.NoiseSuppression)))
        assertEquals(setOf(VoiceProcessing.NoiseSuppression), state.trial.processing)
        viewModel.endTrial()
        assertEquals(emptySet(), state.trial.processing)
    }

    @Test
    fun `a new sensitivity is tried at once, a new theme leaves the trial alone`() {
        viewModel.startTrial()
        begunTake()
        viewModel.change { it.copy(theme = ThemeChoice.Dark) }
        assertTrue(capture.takes.isEmpty)
        viewModel.change { it.copy(sensitivity = Sensitivity.High) }
        begunTake().hear(-30f)
        assertEquals(-30f, state.trial.levelDbfs)
    }

    @Test
    fun `a microphone in use refuses the trial, which can be started again`() {
        viewModel.startTrial()
        begunTake().hear(LiveEvent.MicrophoneFailed(MicrophoneProblem.InUse))
        assertEquals(MicrophoneTrial(isRefused = true), state.trial)
        viewModel.change { it.copy(sensitivity = Sensitivity.High) }
        assertTrue(capture.takes.isEmpty)

        viewModel.startTrial()
        assertEquals(MicrophoneTrial(isOn = true), state.trial)
        begunTake().hear(LiveEvent.Failed(AssetProblem.NoRuntime))
        assertTrue(state.trial.isRefused)
    }

    @Test
    fun `a microphone that is not allowed is said, until the test starts`() {
        viewModel.onTrialDenied()
        assertEquals(MicrophoneTrial(isDenied = true), state.trial)
        viewModel.startTrial()
        assertEquals(MicrophoneTrial(isOn = true), state.trial)
    }

    @Test
    fun `what could not be done is shown once, and no longer after the next change`() {
        viewModel.fail(SettingsFailure.NoLanguagePage)
        assertEquals(SettingsFailure.NoLanguagePage, state.failure)
        viewModel.change { it.copy(theme = ThemeChoice.Dark) }
        assertEquals(null, state.failure)
        viewModel.fail(SettingsFailure.NoLanguagePage)
        viewModel.onFailureShown()
        assertEquals(null, state.failure)
    }

    @Test
    fun `settings and microphones are followed only while somebody looks`() {
        val alone = SettingsViewModel(store, capture::trial, devices)
        assertEquals(null, alone.state.value.settings)
        assertEquals(0, devices.subscriptionCount.value)
        alone.state.watch()
        assertEquals(Settings(), alone.state.value.settings)
    }

    @Test
    fun `the engine hears as it was chosen`() {
        assertEquals(StreamOptions(), Settings().toStreamOptions())
        assertEquals(
            StreamOptions(GateSensitivity.High, givesEarlyResults = false),
            Settings(showsEarlyResults = false, sensitivity = Sensitivity.High).toStreamOptions(),
        )
        assertEquals(GateSensitivity.Low, Settings(sensitivity = Sensitivity.Low).toStreamOptions().sensitivity)
    }
}
