package app.undertone.theme

import androidx.compose.material3.Typography
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.style.LineBreak
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.Density

/**
 * Material's type scale, with a direction that follows the text: a language that is not translated yet stays readable on a
 * right-to-left device, and a number keeps its sign on the right side.
 */
internal val UndertoneTypography = Typography().run {
    copy(
        headlineLarge = headlineLarge.followingText().balanced(),
        headlineMedium = headlineMedium.followingText().balanced(),
        headlineSmall = headlineSmall.followingText().balanced(),
        titleLarge = titleLarge.followingText(),
        titleMedium = titleMedium.followingText(),
        bodyLarge = bodyLarge.followingText().balanced(),
        bodyMedium = bodyMedium.followingText(),
        bodySmall = bodySmall.followingText(),
        labelLarge = labelLarge.followingText(),
    )
}

private fun TextStyle.followingText() = copy(textDirection = TextDirection.ContentOrLtr)

/** Lines of about equal length: no word stands alone below a centred sentence. */
private fun TextStyle.balanced() = copy(lineBreak = LineBreak.Heading)

/** Whether the font is so large that rows have to break into lines and ornaments make room for words. */
internal val Density.hasLargeFont: Boolean get() = fontScale >= 1.4f
