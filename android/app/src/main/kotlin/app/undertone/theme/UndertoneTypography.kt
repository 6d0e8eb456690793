package app.undertone.theme

import androidx.compose.material3.Typography
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.style.TextDirection

/**
 * Material's type scale, with a direction that follows the text: a language that is not translated yet stays readable on a
 * right-to-left device, and a number keeps its sign on the right side.
 */
internal val UndertoneTypography = Typography().run {
    copy(
        headlineLarge = headlineLarge.followingText(),
        headlineMedium = headlineMedium.followingText(),
        titleLarge = titleLarge.followingText(),
        bodyLarge = bodyLarge.followingText(),
        bodyMedium = bodyMedium.followingText(),
        bodySmall = bodySmall.followingText(),
        labelLarge = labelLarge.followingText(),
    )
}

private fun TextStyle.followingText() = copy(textDirection = TextDirection.ContentOrLtr)
