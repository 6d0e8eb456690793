package app.undertone.about

import android.content.res.Resources
import android.text.format.Formatter
import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.undertone.R
import app.undertone.model.Emotion
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.drawEmotion
import app.undertone.ui.LabelledValue
import app.undertone.ui.Paragraph
import app.undertone.ui.ReadingPage
import app.undertone.ui.SectionHeading
import app.undertone.ui.TechnicalDetails
import app.undertone.ui.ValueRow
import app.undertone.ui.chart.BarRow
import app.undertone.ui.word
import kotlin.math.roundToInt

/** Joins the page about the model to its view model. */
@Composable
fun ModelRoute(viewModel: ModelViewModel, onBack: () -> Unit) {
    val state by viewModel.state.collectAsStateWithLifecycle()
    ModelScreen(state, onBack)
}

/** What the model can tell, what it cannot, and how well it did when it was measured. */
@Composable
fun ModelScreen(state: ModelUiState, onBack: () -> Unit, modifier: Modifier = Modifier) {
    ReadingPage(stringResource(R.string.model_title), onBack, modifier) {
        item { SectionHeading(stringResource(R.string.model_can_heading)) }
        item { Paragraph(stringResource(R.string.model_can)) }
        item { SectionHeading(stringResource(R.string.model_cannot_heading)) }
        item { Paragraph(stringResource(R.string.model_cannot)) }
        when (state) {
            ModelUiState.Loading -> Unit
            ModelUiState.Unreadable -> item { Paragraph(stringResource(R.string.model_unreadable)) }
            is ModelUiState.Known -> {
                measured(state.facts.evaluation)
                origin(state.facts)
            }
        }
    }
}

private fun LazyListScope.measured(evaluation: Evaluation?) {
    item { SectionHeading(stringResource(R.string.model_measured_heading)) }
    if (evaluation == null) {
        item { Paragraph(stringResource(R.string.model_not_measured)) }
        return
    }
    item { Paragraph(evaluation.accuracySentence()) }
    items(Emotion.entries) { RecallBar(it, evaluation.recalls[it.ordinal]) }
    if (evaluation.answered != null && evaluation.wrong != null) {
        item { Paragraph(stringResource(R.string.model_answers, evaluation.answered.percent(), evaluation.wrong.percent())) }
    }
    if (evaluation.calibrationError != null) {
        val points = evaluation.calibrationError.percent()
        item { Paragraph(pluralStringResource(R.plurals.model_calibration, points, points)) }
    }
    if (evaluation.confusion != null) {
        item { SectionHeading(stringResource(R.string.model_confusion_heading)) }
        item { Paragraph(stringResource(R.string.model_confusion)) }
        item { ConfusionPicture(evaluation.confusion) }
    }
}

private fun LazyListScope.origin(facts: ModelFacts) {
    item { SectionHeading(stringResource(R.string.model_origin_heading)) }
    if (facts.speakers != null && facts.clips != null) {
        item {
            val resources = LocalContext.current.resources
            val corpora = facts.corpora.joinToString { it.uppercase() }
            Paragraph(stringResource(R.string.model_origin, resources.recordings(facts.clips), resources.voices(facts.speakers), corpora))
        }
    }
    item {
        ValueRow(LabelledValue(stringResource(R.string.model_size), Formatter.formatShortFileSize(LocalContext.current, facts.sizeBytes)))
    }
    item {
        TechnicalDetails {
            ValueRow(LabelledValue(stringResource(R.string.model_hash), facts.sha256))
            if (facts.gitCommit != null) ValueRow(LabelledValue(stringResource(R.string.model_commit), facts.gitCommit))
        }
    }
}

@Composable
private fun Evaluation.accuracySentence(): String {
    val resources = LocalContext.current.resources
    return stringResource(
        R.string.model_accuracy,
        resources.recordings(clips),
        resources.voices(speakers),
        unweightedAccuracy.percent(),
        100 / recalls.size,
    )
}

@Composable
private fun RecallBar(emotion: Emotion, recall: Double) {
    val color = LocalEmotionColors.current[emotion]
    BarRow(
        word = stringResource(emotion.word),
        value = stringResource(R.string.percent, recall.percent()),
        style = MaterialTheme.typography.bodyLarge,
        icon = { Canvas(it) { drawEmotion(emotion, color, sidePx = size.width * 0.9f) } },
    ) {
        Box(it.clip(BAR_SHAPE).background(MaterialTheme.colorScheme.surfaceContainer)) {
            Box(Modifier.fillMaxHeight().fillMaxWidth(recall.toFloat()).clip(BAR_SHAPE).background(color))
        }
    }
}

private fun Resources.recordings(count: Int) = getQuantityString(R.plurals.model_recordings, count, count)

private fun Resources.voices(count: Int) = getQuantityString(R.plurals.model_voices, count, count)

internal fun Double.percent(): Int = (this * 100).roundToInt()

private val BAR_SHAPE = RoundedCornerShape(4.dp)
