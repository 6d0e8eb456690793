package app.undertone

import android.Manifest.permission.POST_NOTIFICATIONS
import android.Manifest.permission.RECORD_AUDIO
import android.app.Application
import android.os.Looper
import androidx.activity.viewModels
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isEnabled
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.lifecycle.Lifecycle
import androidx.test.core.app.ApplicationProvider
import app.undertone.engine.EmotionEngine
import app.undertone.engine.EmotionEvent
import app.undertone.engine.EngineListener
import app.undertone.engine.android.PlayedAudio
import app.undertone.engine.asset.DirectoryAssetSource
import app.undertone.engine.asset.EmotionAsset
import app.undertone.engine.gate.SpeechDetector
import app.undertone.live.LiveStatus
import app.undertone.live.LiveUiState
import app.undertone.live.LiveViewModel
import app.undertone.model.Emotion
import app.undertone.model.RecognisedSegment
import org.json.JSONArray
import org.json.JSONObject
import org.junit.After
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowAudioRecord
import java.io.File
import java.nio.file.Path
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The whole app with the real asset, real ONNX Runtime and, where there is one, a real recording. */
@RunWith(RobolectricTestRunner::class)
class SpeechOnScreenTest {
    @get:Rule
    val compose = createAndroidComposeRule<MainActivity>()

    private val application = ApplicationProvider.getApplicationContext<Application>()
    private val state: LiveUiState get() = compose.activity.viewModels<LiveViewModel>().value.state.value
    private val speech = RecordedSpeech.find()
    private val playing = PlayedAudio(speech.pcm)
    private val asset by lazy { EmotionAsset.open(DirectoryAssetSource(Path.of(System.getProperty("undertone.asset")))) }

    @Before
    fun playSpeech() = ShadowAudioRecord.setSourceProvider { playing }

    @After
    fun playNothing() = ShadowAudioRecord.clearSource()

    @Test
    fun `a recording played to the microphone shows the emotion that the engine hears in its file`() {
        println("SpeechOnScreenTest: plays ${speech.file} (${if (speech.isReal) "a real recording" else "GENERATED: no real recordings here"})")
        val expected = directly(speech.pcm)

        shadowOf(application).grantPermissions(RECORD_AUDIO, POST_NOTIFICATIONS)
        begin()
        compose.onNode(START).performClick()
        compose.waitUntil(SPEECH_MS) { playing.isOver }
        compose.onNode(STOP).performClick()
        assertEquals(LiveStatus.Ready, state.status)
        val durationMs = ((expected.endSample - expected.startSample) / 16).toInt()
        compose.waitUntil(SPEECH_MS) {
            shadowOf(Looper.getMainLooper()).idle()
            state.recognised?.run { !isSoFar && this.durationMs == durationMs } == true
        }

        val recognised = assertNotNull(state.recognised)
        assertEquals(Emotion.entries[expected.smoothed.labelIndex], recognised.emotion)
        assertEquals(expected.smoothed.isUncertain, recognised.isUncertain)
        recognised.probabilities.zip(expected.smoothed.probabilities).forEach { (shown, direct) -> assertEquals(direct, shown, SAME_KERNELS) }
        val headline = if (recognised.isUncertain) "Not sure" else "Sounds ${recognised.emotion.label}"
        compose.onNodeWithText(headline).assertIsDisplayed()
        println("SpeechOnScreenTest: the screen shows \"$headline\", ${recognised.probabilities}")
        writeReport(expected, recognised)
    }

    @Test
    fun `listening goes on when the app leaves the screen, and the screen that comes back knows`() {
        shadowOf(application).grantPermissions(RECORD_AUDIO, POST_NOTIFICATIONS)
        begin()
        compose.onNode(START).performClick()
        compose.waitUntil(SPEECH_MS) { state.isListening }
        compose.activityRule.scenario.moveToState(Lifecycle.State.CREATED)
        assertTrue(state.isListening)
        compose.activityRule.scenario.moveToState(Lifecycle.State.RESUMED)
        compose.onNode(STOP).performClick()
        assertEquals(LiveStatus.Ready, state.status)
    }

    @Test
    fun `the first tap asks for the microphone and the notification, and records nothing`() {
        begin()
        compose.onNode(START).performClick()
        compose.waitForIdle()
        val asked = shadowOf(compose.activity).lastRequestedPermission?.requestedPermissions.orEmpty().toList()
        assertEquals(listOf(RECORD_AUDIO, POST_NOTIFICATIONS), asked)
        assertEquals(LiveStatus.Ready, state.status)
        assertNull(state.recognised)
    }

    /** Past the page of the first run, until the model is loaded. */
    private fun begin() {
        compose.waitUntil(LOADING_MS) { compose.onAllNodes(hasText("Try it")).fetchSemanticsNodes().isNotEmpty() }
        compose.onNodeWithText("Try it").performClick()
        compose.waitUntil(LOADING_MS) { compose.onAllNodes(START and isEnabled()).fetchSemanticsNodes().isNotEmpty() }
    }

    /** The last segment of the same samples through the engine alone, with the asset from its folder: what `replay` prints. */
    private fun directly(pcm: ShortArray): EmotionEvent.Segment {
        val segments = mutableListOf<EmotionEvent.Segment>()
        val listener = object : EngineListener {
            override fun onEvent(event: EmotionEvent) {
                if (event is EmotionEvent.Segment) segments += event
            }
        }
        EmotionEngine(asset).use { engine ->
            engine.start(SpeechDetector.SAMPLE_RATE_HZ, startedAtMs = 0, listener)
            engine.accept(pcm)
            engine.finish()
        }
        segments.forEach { println("SpeechOnScreenTest: the engine hears ${it.startSample}..${it.endSample} ${it.estimate}") }
        return segments.last()
    }

    /** What was seen, for Python to compare with `replay` and `predict` on the same file; times and names as in `replay`. */
    private fun writeReport(segment: EmotionEvent.Segment, recognised: RecognisedSegment) {
        fun byLabel(probabilities: List<Double>) = JSONObject(Emotion.labels.zip(probabilities).toMap())
        val estimate = segment.estimate
        val report = JSONObject()
            .put("file", speech.file.path)
            .put("is_real", speech.isReal)
            .put("model_sha256", asset.manifest.files.single { it.name == "model.onnx" }.sha256)
            .put(
                "segment",
                JSONObject()
                    .put("start_s", segment.startSample / 16_000.0)
                    .put("end_s", segment.endSample / 16_000.0)
                    .put("label", estimate.label)
                    .put("logits", JSONArray(estimate.logits))
                    .put("probabilities", byLabel(estimate.probabilities)),
            )
            .put(
                "screen",
                JSONObject()
                    .put("label", recognised.emotion.label)
                    .put("is_uncertain", recognised.isUncertain)
                    .put("duration_ms", recognised.durationMs)
                    .put("probabilities", byLabel(recognised.probabilities)),
            )
        File(System.getProperty("undertone.seenOnScreen")).apply { parentFile!!.mkdirs() }.writeText(report.toString(2) + "\n")
    }

    private companion object {
        val START = hasContentDescription("Start recording")
        val STOP = hasContentDescription("Stop recording")
        const val LOADING_MS = 30_000L
        const val SPEECH_MS = 60_000L

        /** The same library on the same samples: nothing but the order of a sum could differ. */
        const val SAME_KERNELS = 1e-6
    }
}
