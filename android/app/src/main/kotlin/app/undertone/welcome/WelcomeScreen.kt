package app.undertone.welcome

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Button
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.undertone.R

/** The first run: what the app can tell and what it cannot. Asks for nothing yet. */
@Composable
fun WelcomeScreen(onBegin: () -> Unit, modifier: Modifier = Modifier) {
    Surface(modifier.fillMaxSize()) {
        Column(Modifier.windowInsetsPadding(WindowInsets.safeDrawing), horizontalAlignment = Alignment.CenterHorizontally) {
            val scroll = rememberScrollState()
            BoxWithConstraints(Modifier.weight(1f)) {
                val hasRoomForMark = maxHeight >= 320.dp
                Column(
                    Modifier.verticalScroll(scroll).heightIn(min = maxHeight).fillMaxWidth().padding(24.dp),
                    verticalArrangement = Arrangement.spacedBy(20.dp, Alignment.CenterVertically),
                    horizontalAlignment = Alignment.CenterHorizontally,
                ) {
                    if (hasRoomForMark) {
                        Icon(painterResource(R.drawable.ic_mark), null, Modifier.size(96.dp), tint = MaterialTheme.colorScheme.primary)
                    }
                    Text(
                        stringResource(R.string.welcome_title),
                        Modifier.semantics { heading() },
                        style = MaterialTheme.typography.headlineLarge,
                        textAlign = TextAlign.Center,
                    )
                    for (sentence in listOf(R.string.welcome_can, R.string.welcome_cannot, R.string.welcome_private)) {
                        Text(
                            stringResource(sentence),
                            Modifier.widthIn(max = 480.dp),
                            style = MaterialTheme.typography.bodyLarge,
                            color = MaterialTheme.colorScheme.onSurfaceVariant,
                            textAlign = TextAlign.Center,
                        )
                    }
                }
                if (scroll.canScrollForward) HorizontalDivider(Modifier.align(Alignment.BottomCenter))
            }
            Button(onBegin, Modifier.padding(24.dp).heightIn(min = 56.dp).widthIn(min = 200.dp)) {
                Text(stringResource(R.string.welcome_begin), style = MaterialTheme.typography.titleMedium)
            }
        }
    }
}
