package app.undertone.about

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import app.undertone.R
import app.undertone.ui.Paragraph
import app.undertone.ui.ReadingPage
import app.undertone.ui.SectionHeading

/** What is heard, what is kept, where and for how long. */
@Composable
fun PrivacyScreen(onBack: () -> Unit, modifier: Modifier = Modifier) {
    ReadingPage(stringResource(R.string.privacy_title), onBack, modifier) {
        PARTS.forEach { (heading, text) ->
            item { SectionHeading(stringResource(heading)) }
            item { Paragraph(stringResource(text)) }
        }
    }
}

private val PARTS = listOf(
    R.string.privacy_network_heading to R.string.privacy_network,
    R.string.privacy_heard_heading to R.string.privacy_heard,
    R.string.privacy_kept_heading to R.string.privacy_kept,
    R.string.privacy_where_heading to R.string.privacy_where,
    R.string.privacy_how_long_heading to R.string.privacy_how_long,
    R.string.privacy_shared_heading to R.string.privacy_shared,
)
