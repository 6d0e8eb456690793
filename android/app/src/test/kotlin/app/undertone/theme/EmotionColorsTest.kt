package app.undertone.theme

import androidx.compose.material3.ColorScheme
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import app.undertone.model.Emotion
import org.junit.Test
import kotlin.math.cbrt
import kotlin.math.sqrt
import kotlin.test.assertTrue

class EmotionColorsTest {
    private val themes = listOf(EmotionColors.Light to LightScheme, EmotionColors.Dark to DarkScheme)

    /** The four, and not sure. */
    private val kinds: List<Emotion?> = Emotion.entries + null

    @Test
    fun `each fill has a contrast of at least 3 on the surface, a card and a track`() = forEachKind { kind, colors, scheme ->
        for (ground in with(scheme) { listOf(surface, surfaceContainerLow, surfaceContainerLowest, surfaceContainer) }) {
            assertTrue(contrast(colors[kind], ground) >= 3.0, "$kind on $ground: ${contrast(colors[kind], ground)}")
        }
    }

    @Test
    fun `each text has a contrast of at least 4_5 on its container and on the surface`() = forEachKind { kind, colors, scheme ->
        val tones = colors.tones(kind)
        for (ground in listOf(tones.container, scheme.surface, scheme.surfaceContainerLow)) {
            assertTrue(contrast(tones.text, ground) >= 4.5, "$kind on $ground: ${contrast(tones.text, ground)}")
        }
    }

    @Test
    fun `text has a contrast of at least 4_5 wherever it stands`() = themes.forEach { (_, scheme) ->
        listOf(
            scheme.onSurface to scheme.surface,
            scheme.onSurfaceVariant to scheme.surface,
            scheme.onSurface to scheme.surfaceContainerLow,
            scheme.onSurfaceVariant to scheme.surfaceContainerLow,
            scheme.onSurface to scheme.surfaceContainerHigh,
            scheme.onSurface to scheme.surfaceContainerHighest,
            scheme.onSurface to scheme.surfaceContainerLowest,
            scheme.onSurfaceVariant to scheme.surfaceContainerHighest,
            scheme.onSurfaceVariant to scheme.surfaceContainerLowest,
            scheme.onSecondaryContainer to scheme.secondaryContainer,
            scheme.onPrimaryContainer to scheme.primaryContainer,
            scheme.onErrorContainer to scheme.errorContainer,
            scheme.onPrimary to scheme.primary,
            scheme.primary to scheme.surface,
            scheme.inverseOnSurface to scheme.inverseSurface,
            scheme.inversePrimary to scheme.inverseSurface,
        ).forEach { (text, ground) ->
            assertTrue(contrast(text, ground) >= 4.5, "$text on $ground: ${contrast(text, ground)}")
        }
    }

    @Test
    fun `the emotions and not sure stay apart for every colour vision and in grey`() = themes.forEach { (colors, _) ->
        for ((vision, matrix) in VISIONS) {
            val seen = kinds.associateWith { lab(matrix.applyTo(colors[it])) }
            for ((place, a) in kinds.withIndex()) {
                for (b in kinds.drop(place + 1)) {
                    val distance = distance(seen.getValue(a), seen.getValue(b))
                    assertTrue(distance >= JUST_APART, "$a and $b differ by $distance in $vision")
                }
            }
        }
    }

    private fun forEachKind(check: (Emotion?, EmotionColors, ColorScheme) -> Unit) =
        themes.forEach { (colors, scheme) -> kinds.forEach { check(it, colors, scheme) } }

    /** WCAG 2.2, contrast ratio. */
    private fun contrast(a: Color, b: Color): Double {
        val (dark, light) = listOf(a.luminance(), b.luminance()).sorted()
        return (light + 0.05) / (dark + 0.05)
    }

    private fun List<List<Double>>.applyTo(color: Color): List<Double> {
        val linear = listOf(color.red, color.green, color.blue).map { linear(it.toDouble()) }
        return map { row -> row.zip(linear).sumOf { (weight, channel) -> weight * channel }.coerceIn(0.0, 1.0) }
    }

    private fun linear(channel: Double) = if (channel <= 0.04045) channel / 12.92 else Math.pow((channel + 0.055) / 1.055, 2.4)

    /** CIE 1976 L*a*b* of linear sRGB, D65. */
    private fun lab(rgb: List<Double>): List<Double> {
        val xyz = listOf(
            (0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505,
            0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2],
            (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.089,
        )
        val (x, y, z) = xyz.map { if (it > 0.008856) cbrt(it) else 7.787 * it + 16.0 / 116 }
        return listOf(116 * y - 16, 500 * (x - y), 200 * (y - z))
    }

    private fun distance(a: List<Double>, b: List<Double>) = sqrt(a.zip(b).sumOf { (p, q) -> (p - q) * (p - q) })

    private companion object {
        /** A just noticeable difference is about 2.3; shapes and words carry the rest. */
        const val JUST_APART = 7.0

        /** Machado, Oliveira and Fernandes (2009), severity 1, on linear sRGB. */
        val VISIONS = mapOf(
            "normal vision" to listOf(listOf(1.0, 0.0, 0.0), listOf(0.0, 1.0, 0.0), listOf(0.0, 0.0, 1.0)),
            "protanopia" to listOf(
                listOf(0.152286, 1.052583, -0.204868),
                listOf(0.114503, 0.786281, 0.099216),
                listOf(-0.003882, -0.048116, 1.051998),
            ),
            "deuteranopia" to listOf(
                listOf(0.367322, 0.860646, -0.227968),
                listOf(0.280085, 0.672501, 0.047413),
                listOf(-0.011820, 0.042940, 0.968881),
            ),
            "tritanopia" to listOf(
                listOf(1.255528, -0.076749, -0.178779),
                listOf(-0.078411, 0.930809, 0.147602),
                listOf(0.004733, 0.691367, 0.303900),
            ),
            "grey" to List(3) { listOf(0.2126, 0.7152, 0.0722) },
        )
    }
}
