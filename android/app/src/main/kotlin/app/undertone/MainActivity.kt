package app.undertone

import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.viewModels
import app.undertone.live.LiveRoute
import app.undertone.live.LiveViewModel
import app.undertone.theme.UndertoneTheme

class MainActivity : ComponentActivity() {
    private val live: LiveViewModel by viewModels { LiveViewModel.factory((application as UndertoneApplication).recorder) }

    override fun onCreate(savedInstanceState: Bundle?) {
        enableEdgeToEdge()
        super.onCreate(savedInstanceState)
        setContent {
            UndertoneTheme {
                LiveRoute(live)
            }
        }
    }
}
