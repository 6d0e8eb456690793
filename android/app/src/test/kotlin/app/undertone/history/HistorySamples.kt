package app.undertone.history

import app.undertone.model.AudioEnvelope
import app.undertone.model.Emotion
import app.undertone.model.Session
import app.undertone.model.SessionSource
import app.undertone.model.SpokenSegment
import java.time.Clock
import java.time.Instant
import java.time.ZoneId
import java.time.ZonedDateTime
import kotlin.math.PI
import kotlin.math.sin
import kotlin.random.Random

/** Sessions that tests look at. */
internal object HistorySamples {
    val zone: ZoneId = ZoneId.of("Europe/Berlin")
    val clock: Clock = Clock.fixed(at(2026, 11, 24, 18, 30), zone)

    fun at(year: Int, month: Int, day: Int, hour: Int, minute: Int): Instant =
        ZonedDateTime.of(year, month, day, hour, minute, 0, 0, zone).toInstant()

    fun session(
        startedAt: Instant = at(2026, 11, 24, 14, 3),
        lengthMs: Long = 95_000,
        title: String? = null,
        tags: List<String> = emptyList(),
        audioFile: String? = null,
        isFinished: Boolean = true,
    ) = Session(0, SessionSource.Microphone, startedAt.toEpochMilli(), lengthMs, title, tags, audioFile, isFinished)

    fun segment(
        startMs: Long,
        durationMs: Long,
        emotion: Emotion,
        isUncertain: Boolean = false,
        correctedTo: Emotion? = null,
        probability: Double = 0.7,
    ) = SpokenSegment(
        id = 0,
        startMs = startMs,
        endMs = startMs + durationMs,
        emotion = emotion,
        probabilities = Emotion.entries.map { if (it == emotion) probability else (1 - probability) / 3 },
        isUncertain = isUncertain,
        correctedTo = correctedTo,
    )

    /** A conversation of a minute and a half: calm, then lively, with a correction and a doubt. */
    val conversation = listOf(
        segment(2_000, 9_400, Emotion.Neutral, probability = 0.91),
        segment(14_200, 5_100, Emotion.Neutral),
        segment(21_000, 7_600, Emotion.Happy, probability = 0.88),
        segment(30_500, 3_200, Emotion.Angry, isUncertain = true, probability = 0.39),
        segment(36_000, 12_300, Emotion.Happy),
        segment(50_100, 8_000, Emotion.Angry, probability = 0.55),
        segment(61_400, 6_500, Emotion.Happy, correctedTo = Emotion.Sad),
        segment(70_000, 18_700, Emotion.Sad, probability = 0.9),
    )

    /**
     * The level of [lengthMs] of a room in which [segments] are spoken: syllables at 4 Hz, in words of which some are stressed, in phrases
     * that fade; a hum elsewhere.
     */
    fun envelope(segments: List<SpokenSegment>, lengthMs: Long): AudioEnvelope {
        val random = Random(5)
        val stressDb = FloatArray((lengthMs / WORD_MS).toInt() + 1) { random.nextInt(-17, 7).toFloat() }
        val levels = FloatArray((lengthMs / ENVELOPE_BIN_MS).toInt()) { bin ->
            val timeMs = bin * ENVELOPE_BIN_MS.toLong()
            if (segments.any { timeMs in it.startMs..<it.endMs }) {
                val syllable = sin(2 * PI * timeMs / 250).toFloat()
                val phrase = sin(PI * (timeMs % 5_300) / 5_300).toFloat()
                -36f + 4 * syllable + 12 * phrase + stressDb[(timeMs / WORD_MS).toInt()] + random.nextInt(-3, 3)
            } else {
                -61f + random.nextInt(0, 4)
            }
        }
        return AudioEnvelope(levels, ENVELOPE_BIN_MS)
    }

    /** As people talk: [count] segments of a second with a pause of a second after each, one emotion for a while, mostly neutral. */
    fun longTalk(count: Int): List<SpokenSegment> {
        val random = Random(3)
        var emotion = Emotion.Neutral
        return List(count) {
            if (random.nextInt(110) == 0) emotion = if (emotion == Emotion.Neutral) Emotion.entries.random(random) else Emotion.Neutral
            val isUncertain = random.nextInt(11) == 0
            segment(it * 2_000L, 1_000, emotion, isUncertain, probability = if (isUncertain) 0.4 else 0.7)
        }
    }

    /** [count] segments of a second with a pause of a second after each. */
    fun manySegments(count: Int) = List(count) { segment(it * 2_000L, 1_000, Emotion.entries[it / 7 % 4], isUncertain = it % 11 == 0) }

    private const val ENVELOPE_BIN_MS = 20
    private const val WORD_MS = 900
}
