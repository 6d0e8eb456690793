package app.undertone.history

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Card
import androidx.compose.material3.CardDefaults
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.SwipeToDismissBox
import androidx.compose.material3.SwipeToDismissBoxValue
import androidx.compose.material3.Text
import androidx.compose.material3.rememberSwipeToDismissBoxState
import androidx.compose.runtime.Composable
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalResources
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.CustomAccessibilityAction
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.customActions
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.model.Session
import app.undertone.model.SessionSource
import app.undertone.model.SessionSummary
import app.undertone.model.summary.emotionTimes
import app.undertone.theme.LocalEmotionColors
import app.undertone.theme.hasLargeFont
import app.undertone.ui.chart.EmotionMark
import app.undertone.ui.chart.RibbonCanvas
import app.undertone.ui.isolated
import app.undertone.ui.length
import app.undertone.ui.name
import app.undertone.ui.position
import app.undertone.ui.sentence
import app.undertone.ui.startTime
import app.undertone.ui.stoppedAfterSilence
import kotlinx.coroutines.launch
import java.time.ZoneId

/**
 * One session of the list: what it sounded like most, its name or else its story, when, and its ribbon. Swiped to a side it is deleted;
 * TalkBack offers the same as an action.
 *
 * @param isChosen its page is open beside the list.
 */
@Composable
internal fun SessionCard(
    summary: SessionSummary,
    zone: ZoneId,
    onOpen: () -> Unit,
    onDelete: () -> Unit,
    modifier: Modifier = Modifier,
    isChosen: Boolean = false,
) {
    val session = summary.session
    val name = session.name(zone)
    val delete = stringResource(R.string.history_delete_session, name.isolated())
    val swipe = rememberSwipeToDismissBoxState()
    val scope = rememberCoroutineScope()
    SwipeToDismissBox(
        swipe,
        backgroundContent = { DeleteGround(swipe.dismissDirection) },
        modifier,
        onDismiss = {
            onDelete()
            // A card that is restored, or that could not be deleted, is back in its place.
            scope.launch { swipe.snapTo(SwipeToDismissBoxValue.Settled) }
        },
    ) {
        val scheme = MaterialTheme.colorScheme
        Card(
            Modifier.fillMaxWidth(),
            CARD_SHAPE,
            CardDefaults.cardColors(if (isChosen) scheme.secondaryContainer else scheme.surfaceContainerLow, scheme.onSurface),
        ) {
            Row(
                Modifier
                    .fillMaxWidth()
                    .clickable(onClickLabel = stringResource(R.string.history_open), role = Role.Button, onClick = onOpen)
                    .semantics {
                        customActions = listOf(
                            CustomAccessibilityAction(delete) {
                                onDelete()
                                true
                            },
                        )
                    }
                    .padding(16.dp),
                horizontalArrangement = Arrangement.spacedBy(16.dp),
            ) {
                if (!LocalDensity.current.hasLargeFont) LongestEmotion(summary)
                Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(2.dp)) {
                    val sentence = summary.story.sentence()
                    Text(session.title ?: sentence, style = MaterialTheme.typography.titleMedium)
                    Text(session.facts(zone), style = MaterialTheme.typography.bodySmall, color = scheme.onSurfaceVariant)
                    if (session.title != null) Text(sentence, style = MaterialTheme.typography.bodyMedium)
                    if (summary.ribbon.isNotEmpty()) RibbonCanvas(summary.ribbon, Modifier.fillMaxWidth().padding(top = 6.dp).height(12.dp))
                }
            }
        }
    }
}

/** The shape of what was heard longest, on its own ground. */
@Composable
private fun LongestEmotion(summary: SessionSummary) {
    val most = summary.emotionTimes().maxBy { it.timeMs }
    val scheme = MaterialTheme.colorScheme
    val isSilent = most.timeMs == 0L
    val ground = if (isSilent) scheme.surfaceContainerHighest else LocalEmotionColors.current.tones(most.emotion).container
    Surface(Modifier.size(40.dp), CircleShape, ground) {
        if (isSilent) {
            Icon(painterResource(R.drawable.ic_no_speech), null, Modifier.padding(10.dp), scheme.onSurfaceVariant)
        } else {
            EmotionMark(most.emotion, Modifier.padding(8.dp))
        }
    }
}

/** What is seen below a card that moves aside. */
@Composable
private fun DeleteGround(direction: SwipeToDismissBoxValue) {
    if (direction == SwipeToDismissBoxValue.Settled) return
    val scheme = MaterialTheme.colorScheme
    val side = if (direction == SwipeToDismissBoxValue.StartToEnd) Alignment.CenterStart else Alignment.CenterEnd
    Box(Modifier.fillMaxSize().clip(CARD_SHAPE).background(scheme.errorContainer).padding(horizontal = 24.dp), side) {
        Icon(painterResource(R.drawable.ic_delete), null, tint = scheme.onErrorContainer)
    }
}

/** Time, length, what is to be said of its end, and tags. */
@Composable
private fun Session.facts(zone: ZoneId): String {
    val words = listOfNotNull(
        startTime(zone),
        position(lengthMs),
        ending(),
    ) + tags.map { it.isolated() }
    return words.reduce { facts, next -> stringResource(R.string.history_facts, facts, next) }
}

/** Length, and the time where the name does not say it. */
@Composable
internal fun Session.extent(zone: ZoneId): String {
    val length = position(lengthMs)
    return if (title == null) length else stringResource(R.string.history_facts, startTime(zone), length)
}

/** What is to be said of the end; null where all of it is there, and somebody ended it. */
@Composable
internal fun Session.ending(): String? = when {
    !isFinished -> stringResource(R.string.history_unfinished)
    !isCutOff -> stoppedAfterSilenceMin?.let { LocalResources.current.stoppedAfterSilence(it) }
    source == SessionSource.File -> stringResource(R.string.history_cut_short)
    else -> stringResource(R.string.history_interrupted)
}

@Composable
internal fun Tags(tags: List<String>, modifier: Modifier = Modifier) {
    FlowRow(modifier, horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        for (tag in tags) {
            Surface(shape = CircleShape, color = MaterialTheme.colorScheme.secondaryContainer) {
                Text(tag, Modifier.padding(horizontal = 12.dp, vertical = 4.dp), style = MaterialTheme.typography.bodySmall)
            }
        }
    }
}

private val CARD_SHAPE = RoundedCornerShape(20.dp)
