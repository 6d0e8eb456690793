package app.undertone.theme

import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.Path
import app.undertone.model.Emotion
import kotlin.math.PI
import kotlin.math.abs
import kotlin.math.cos
import kotlin.math.floor
import kotlin.math.hypot
import kotlin.math.sin
import kotlin.math.sqrt

/**
 * A closed outline around its centre, as its distance from there in each direction: any two blend into each other.
 *
 * @param radii clockwise from the top, at equal angles; 0.5 reaches the side of the square that it is drawn in.
 */
internal class Figure private constructor(private val radii: FloatArray) {
    /** The outline in a square of [sidePx] around [centre]. */
    fun path(sidePx: Float, centre: Offset): Path = Path().apply {
        for (step in radii.indices) {
            val angle = angle(step)
            val x = centre.x + radii[step] * sidePx * sin(angle).toFloat()
            val y = centre.y - radii[step] * sidePx * cos(angle).toFloat()
            if (step == 0) moveTo(x, y) else lineTo(x, y)
        }
        close()
    }

    /** This one at 0, [other] at 1. */
    fun blend(other: Figure, progress: Float): Figure = when {
        progress <= 0f -> this
        progress >= 1f -> other
        else -> Figure(FloatArray(STEPS) { (1 - progress) * radii[it] + progress * other.radii[it] })
    }

    companion object {
        /** Divides by twice the points of each figure: their tips and valleys are met. */
        private const val STEPS = 240
        private const val SPIKES = 8
        private const val PETALS = 12

        /** Below the cloud's centre. */
        private const val GROUND = 0.29

        /** Of the cloud: right and up of its centre, and radius. */
        private val BALLS = listOf(
            Triple(-0.28, -0.12, 0.19),
            Triple(0.28, -0.12, 0.19),
            Triple(-0.1, 0.1, 0.23),
            Triple(0.15, 0.03, 0.2),
            Triple(0.0, -0.12, 0.22),
            Triple(-0.14, -0.14, 0.2),
            Triple(0.14, -0.14, 0.2),
        )

        /** Before anything was recognised. */
        val Disc = figure { 0.4 }
        private val Burst = figure(::burst)
        private val Sun = figure { angle -> 0.4 + 0.06 * abs(cos(PETALS / 2.0 * angle)) }
        private val Pill = figure(::pill)
        private val Drop = figure { angle -> drop(angle) }
        private val Cloud = figure(::cloud)

        /** Of an [emotion]; null: not sure. No control has one of these: stop is a square, record a dot. */
        fun of(emotion: Emotion?): Figure = when (emotion) {
            Emotion.Angry -> Burst
            Emotion.Happy -> Sun
            Emotion.Neutral -> Pill
            Emotion.Sad -> Drop
            null -> Cloud
        }

        private fun angle(step: Int): Double = 2 * PI * step / STEPS

        private fun figure(radius: (angle: Double) -> Double) = Figure(FloatArray(STEPS) { radius(angle(it)).toFloat() })

        /** Straight lines from tips, of two lengths in turn, to valleys. */
        private fun burst(angle: Double): Double {
            val spike = angle / (2 * PI) * SPIKES
            val tip = if (floor(spike + 0.5).toInt() % 2 == 0) 0.5 else 0.43
            val valley = 0.26
            val half = PI / SPIKES
            val fromTip = abs(spike - floor(spike + 0.5)) * 2 * half
            val x = valley * cos(half) - tip
            val y = valley * sin(half)
            val share = tip * sin(fromTip) / (y * cos(fromTip) - x * sin(fromTip))
            return hypot(tip + share * x, share * y)
        }

        private fun pill(angle: Double): Double {
            val radius = 0.22
            val middle = 0.46 - radius
            val (across, up) = abs(sin(angle)) to abs(cos(angle))
            if (radius * across <= middle * up) return radius / up
            val along = middle * across
            return along + sqrt(along * along - middle * middle + radius * radius)
        }

        /** A round belly and the two tangents from the tip to it. */
        private fun drop(angle: Double): Double {
            val radius = 0.33
            val belly = 0.13
            val tip = 0.5
            val fromTop = if (angle > PI) 2 * PI - angle else angle
            val along = -belly * cos(fromTop)
            val round = along + sqrt(along * along - belly * belly + radius * radius)
            // The tangent meets the belly at a right angle: its distance from the centre line grows with the way from the tip.
            val slope = radius / sqrt((tip + belly) * (tip + belly) - radius * radius)
            val tangent = tip * slope / (sin(fromTop) + slope * cos(fromTop)).coerceAtLeast(1e-6)
            val touchesAt = tip - (tip + belly) + radius * radius / (tip + belly)
            return if (tangent * cos(fromTop) > touchesAt) tangent else round
        }

        /** What is seen of seven balls on a flat ground. */
        private fun cloud(angle: Double): Double {
            val (across, up) = sin(angle) to cos(angle)
            val edge = BALLS.maxOf { (x, y, radius) ->
                val along = x * across + y * up
                val inside = along * along - x * x - y * y + radius * radius
                if (inside < 0) 0.0 else along + sqrt(inside)
            }
            return if (-up * edge > GROUND) -GROUND / up else edge
        }
    }
}
