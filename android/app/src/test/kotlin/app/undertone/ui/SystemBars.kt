package app.undertone.ui

import android.view.View
import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.platform.LocalView
import androidx.compose.ui.test.junit4.ComposeContentTestRule
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import androidx.core.graphics.Insets
import androidx.core.view.ViewCompat
import androidx.core.view.WindowInsetsCompat

/** Shows [screen] as [show] does, edge to edge below a status bar and above the bar of gestures, both drawn over it. */
internal fun ComposeContentTestRule.showWithSystemBars(isDark: Boolean = false, fontScale: Float = 1f, screen: @Composable () -> Unit) {
    lateinit var view: View
    show(isDark, fontScale) {
        view = LocalView.current
        Box {
            screen()
            StatusBar(Modifier.align(Alignment.TopCenter))
            GestureBar(Modifier.align(Alignment.BottomCenter))
        }
    }
    runOnIdle {
        fun px(length: Dp) = (length.value * view.resources.displayMetrics.density).toInt()
        val insets = WindowInsetsCompat.Builder()
            .setInsets(WindowInsetsCompat.Type.statusBars(), Insets.of(0, px(STATUS_BAR), 0, 0))
            .setInsets(WindowInsetsCompat.Type.navigationBars(), Insets.of(0, 0, 0, px(GESTURE_BAR)))
            .build()
        ViewCompat.dispatchApplyWindowInsets(view, insets)
    }
    waitForIdle()
}

@Composable
private fun StatusBar(modifier: Modifier) {
    val color = MaterialTheme.colorScheme.onSurface
    Row(modifier.fillMaxWidth().height(STATUS_BAR).padding(horizontal = 20.dp), Arrangement.SpaceBetween, Alignment.CenterVertically) {
        Text("14:03", color = color, style = MaterialTheme.typography.labelMedium)
        Canvas(Modifier.size(8.dp, 14.dp)) { drawRoundRect(color, cornerRadius = CornerRadius(2.dp.toPx())) }
    }
}

@Composable
private fun GestureBar(modifier: Modifier) {
    val color = MaterialTheme.colorScheme.onSurface
    Box(modifier.fillMaxWidth().height(GESTURE_BAR), Alignment.Center) {
        Canvas(Modifier.size(108.dp, 4.dp)) { drawRoundRect(color, cornerRadius = CornerRadius(2.dp.toPx())) }
    }
}

private val STATUS_BAR = 28.dp
private val GESTURE_BAR = 24.dp
