package app.undertone.ui

import android.content.res.Resources
import android.icu.text.MeasureFormat
import android.icu.text.MeasureFormat.FormatWidth
import android.icu.util.Measure
import android.icu.util.MeasureUnit
import android.text.format.DateFormat
import android.text.format.DateUtils
import androidx.annotation.StringRes
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.setValue
import androidx.compose.ui.platform.LocalConfiguration
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.core.text.BidiFormatter
import app.undertone.R
import app.undertone.model.Emotion
import app.undertone.model.RecognisedSegment
import app.undertone.model.Session
import app.undertone.model.SpokenSegment
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.time.format.DecimalStyle
import java.time.format.TextStyle
import java.util.Locale

/** The emotion's word; "Not sure" for null. */
@get:StringRes
internal val Emotion?.recognisedWord: Int get() = this?.word ?: R.string.headline_uncertain

/** What the model recognised, before any correction. */
internal fun SpokenSegment.asRecognised() = RecognisedSegment(
    emotion = emotion,
    probabilities = probabilities,
    isUncertain = isUncertain,
    isSoFar = false,
    durationMs = durationMs.toInt(),
)

/** The name that was given, or when it began. */
@Composable
internal fun Session.name(zone: ZoneId): String = title ?: startTime(zone)

/** When it began, by the clock of its place; [here] where that is not known. */
@Composable
internal fun Session.startTime(here: ZoneId): String = timeOfDay(startedAtMs, zone(here))

/** As the device shows time: 14:03 or 2:03 PM. */
@Composable
internal fun timeOfDay(atMs: Long, zone: ZoneId): String {
    val locale = locale()
    val skeleton = if (DateFormat.is24HourFormat(LocalContext.current)) "Hm" else "hm"
    val pattern = DateFormat.getBestDateTimePattern(locale, skeleton)
    return DateTimeFormatter.ofPattern(pattern, locale).withDecimalStyle(DecimalStyle.of(locale)).format(Instant.ofEpochMilli(atMs).atZone(zone))
}

/** @param isShort without the day of the week. */
@Composable
internal fun dayHeading(day: LocalDate, today: LocalDate, isShort: Boolean = false): String = relativeDay(day, today) ?: run {
    val locale = locale()
    // This year goes without saying.
    val year = if (day.year == today.year) "" else "y"
    val pattern = DateFormat.getBestDateTimePattern(locale, year + if (isShort) "MMMd" else "EEEEMMMMd")
    DateTimeFormatter.ofPattern(pattern, locale).withDecimalStyle(DecimalStyle.of(locale)).format(day)
}

/** null for most days. */
@Composable
private fun relativeDay(day: LocalDate, today: LocalDate): String? = when (day) {
    today -> stringResource(R.string.history_today)
    today.minusDays(1) -> stringResource(R.string.history_yesterday)
    else -> null
}

/** A length in words: 2 min, 5 sec. From [WHOLE_MINUTES_FROM_MS] on without seconds. */
@Composable
internal fun length(lengthMs: Long): String {
    val seconds = if (lengthMs < WHOLE_MINUTES_FROM_MS) (lengthMs + 500) / 1000 else (lengthMs + 30_000) / 60_000 * 60
    val parts = listOf(seconds / 3600 to MeasureUnit.HOUR, seconds / 60 % 60 to MeasureUnit.MINUTE, seconds % 60 to MeasureUnit.SECOND)
    val measures = parts.filter { (amount, _) -> amount > 0 }.ifEmpty { parts.takeLast(1) }.map { (amount, unit) -> Measure(amount, unit) }
    return MeasureFormat.getInstance(locale(), FormatWidth.SHORT).formatMeasures(*measures.toTypedArray())
}

/** A place in a session, as players show it: 2:05. */
internal fun position(positionMs: Long): String {
    val text = DateUtils.formatElapsedTime(positionMs / 1000)
    return if (Character.digit(text.first(), 10) == 0) text.drop(1) else text
}

/** A day of the last week, of which each name is that of one day. */
@Composable
internal fun dayName(day: LocalDate, today: LocalDate): String =
    relativeDay(day, today) ?: day.dayOfWeek.getDisplayName(TextStyle.FULL_STANDALONE, locale())

/** The letter of a day of the week, as calendars have it. */
@Composable
internal fun dayLetter(day: LocalDate): String = day.dayOfWeek.getDisplayName(TextStyle.NARROW_STANDALONE, locale())

/** Why a recording ended, among other facts about it. */
internal fun Resources.stoppedAfterSilence(minutes: Int): String = getQuantityString(R.plurals.stopped_after_silence, minutes, minutes)

/** The same as a sentence. */
internal fun Resources.stoppedAfterSilenceSentence(minutes: Int): String =
    stoppedAfterSilence(minutes).replaceFirstChar { it.titlecase(configuration.locales[0]) }

private const val WHOLE_MINUTES_FROM_MS = 600_000L

@Composable
private fun locale(): Locale = LocalConfiguration.current.locales[0]

/** A name of any script inside a sentence of another. */
internal fun String.isolated(): String = BidiFormatter.getInstance().unicodeWrap(this)
