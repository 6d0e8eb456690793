package app.undertone.theme

import android.os.Build
import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.dynamicDarkColorScheme
import androidx.compose.material3.dynamicLightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.platform.LocalContext

/** Material 3 with the device's dynamic colours where there are any, and the fixed [EmotionColors]. */
@Composable
fun UndertoneTheme(
    isDark: Boolean = isSystemInDarkTheme(),
    usesDynamicColor: Boolean = Build.VERSION.SDK_INT >= Build.VERSION_CODES.S,
    content: @Composable () -> Unit,
) {
    val scheme = when {
        usesDynamicColor && Build.VERSION.SDK_INT >= Build.VERSION_CODES.S -> {
            val context = LocalContext.current
            if (isDark) dynamicDarkColorScheme(context) else dynamicLightColorScheme(context)
        }
        isDark -> DarkScheme
        else -> LightScheme
    }
    CompositionLocalProvider(LocalEmotionColors provides if (isDark) EmotionColors.Dark else EmotionColors.Light) {
        MaterialTheme(colorScheme = scheme, typography = UndertoneTypography, content = content)
    }
}
