package app.undertone.history

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Card
import androidx.compose.material3.CardDefaults
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.alpha
import androidx.compose.ui.draw.clip
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.inset
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.summary.DayOfWeek
import app.undertone.model.summary.outcomes
import app.undertone.theme.EmotionColors
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.drawMoment
import app.undertone.ui.dayHeading
import app.undertone.ui.dayLetter
import app.undertone.ui.dayName
import app.undertone.ui.length
import app.undertone.ui.recognisedWord
import java.time.LocalDate

/**
 * How long somebody spoke on each day of the week, and how it sounded. Time runs from left to right in every language.
 *
 * @param chosen the day that the list is limited to.
 * @param onChoose takes null when the chosen day is tapped again.
 * @param height of the columns.
 */
@Composable
internal fun WeekCard(week: List<DayOfWeek>, chosen: LocalDate?, onChoose: (LocalDate?) -> Unit, height: Dp, modifier: Modifier = Modifier) {
    val speechMs = week.filter { chosen == null || it.date == chosen }.sumOf { it.speechMs }
    Card(modifier, RoundedCornerShape(20.dp), CardDefaults.cardColors(containerColor = MaterialTheme.colorScheme.surfaceContainerLow)) {
        FlowRow(
            Modifier.fillMaxWidth().padding(start = 16.dp, end = 16.dp, top = 16.dp),
            horizontalArrangement = Arrangement.SpaceBetween,
            itemVerticalAlignment = Alignment.Bottom,
        ) {
            val heading = if (chosen == null) stringResource(R.string.history_week) else dayName(chosen, today = week.last().date)
            Text(heading, Modifier.semantics { heading() }, style = MaterialTheme.typography.titleLarge)
            Text(
                stringResource(R.string.history_week_speech, length(speechMs)),
                style = MaterialTheme.typography.bodyMedium,
                color = MaterialTheme.colorScheme.onSurfaceVariant,
            )
        }
        val mostMs = week.maxOf { it.speechMs }
        CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Ltr) {
            Row(Modifier.fillMaxWidth().padding(8.dp)) {
                for (day in week) {
                    Day(
                        day,
                        today = week.last().date,
                        mostMs,
                        isChosen = day.date == chosen,
                        isQuiet = chosen != null && day.date != chosen,
                        onChoose = { onChoose(day.date.takeIf { it != chosen }) },
                        height,
                        Modifier.weight(1f),
                    )
                }
            }
        }
    }
}

@Composable
private fun Day(
    day: DayOfWeek,
    today: LocalDate,
    mostMs: Long,
    isChosen: Boolean,
    isQuiet: Boolean,
    onChoose: () -> Unit,
    height: Dp,
    modifier: Modifier,
) {
    val scheme = MaterialTheme.colorScheme
    val emotionColors = LocalEmotionColors.current
    val description = description(day, today)
    Column(
        modifier
            .clip(MaterialTheme.shapes.medium)
            .selectable(isChosen, role = Role.Button, onClick = onChoose)
            .semantics { contentDescription = description }
            .padding(vertical = 8.dp),
        verticalArrangement = Arrangement.spacedBy(8.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        Canvas(Modifier.width(24.dp).height(height).alpha(if (isQuiet) 0.35f else 1f)) {
            if (day.speechMs == 0L) {
                val thickness = 4.dp.toPx()
                inset(0f, size.height - thickness, 0f, 0f) {
                    drawRoundRect(scheme.surfaceContainerHighest, cornerRadius = CornerRadius(thickness / 2))
                }
            } else {
                drawDay(day, mostMs, emotionColors)
            }
        }
        Text(
            dayLetter(day.date),
            Modifier.clearAndSetSemantics {},
            style = MaterialTheme.typography.labelLarge,
            color = if (isChosen) scheme.primary else scheme.onSurfaceVariant,
            fontWeight = if (isChosen) FontWeight.Bold else FontWeight.Normal,
            maxLines = 1,
        )
    }
}

/** The first kind at the bottom; little speech, of a day or of a kind, is still seen. */
private fun DrawScope.drawDay(day: DayOfWeek, mostMs: Long, emotionColors: EmotionColors) {
    val parts = outcomes.zip(day.timesMs).filter { (_, timeMs) -> timeMs > 0 }
    val gap = 1.dp.toPx()
    val least = 3.dp.toPx()
    val height = maxOf(size.height * day.speechMs / mostMs, least * parts.size, 6.dp.toPx())
    var bottom = size.height
    for ((emotion, timeMs) in parts) {
        val part = least + (height - least * parts.size) * timeMs / day.speechMs
        val drawn = part - gap
        inset(0f, bottom - drawn, 0f, size.height - bottom) { drawMoment(emotion, emotionColors[emotion], 0f, size.width, 3.dp.toPx()) }
        bottom -= part
    }
}

/** The day, how long somebody spoke, and how long each tone was heard. */
@Composable
private fun description(day: DayOfWeek, today: LocalDate): String {
    var words = stringResource(R.string.history_list, dayHeading(day.date, today), length(day.speechMs))
    outcomes.zip(day.timesMs).filter { (_, timeMs) -> timeMs > 0 }.forEach { (emotion, timeMs) ->
        val share = stringResource(R.string.history_share, stringResource(emotion.recognisedWord), length(timeMs))
        words = stringResource(R.string.history_list, words, share)
    }
    return words
}
