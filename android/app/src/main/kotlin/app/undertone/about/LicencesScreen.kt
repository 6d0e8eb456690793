package app.undertone.about

import androidx.annotation.DrawableRes
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Card
import androidx.compose.material3.CardDefaults
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.undertone.R
import app.undertone.theme.hasLargeFont
import app.undertone.ui.CardHeading
import app.undertone.ui.Folded
import app.undertone.ui.Paragraph
import app.undertone.ui.ReadingPage
import app.undertone.ui.pageStart

/** Joins the Licences screen to its view model. */
@Composable
fun LicencesRoute(viewModel: LicencesViewModel, onBack: () -> Unit) {
    val state by viewModel.state.collectAsStateWithLifecycle()
    LicencesScreen(state, onBack)
}

/** The models and their data, the libraries by licence, and the texts that have to be passed on. */
@Composable
fun LicencesScreen(state: LicencesUiState, onBack: () -> Unit, modifier: Modifier = Modifier) {
    ReadingPage(stringResource(R.string.licences_title), onBack, modifier) {
        val licences = state.licences ?: return@ReadingPage
        item {
            LicenceCard(stringResource(R.string.licences_models_heading), R.drawable.ic_results) {
                licences.corpora.forEach { Paragraph(it.sentence()) }
                Paragraph(stringResource(R.string.licences_speech_gate))
            }
        }
        items(licences.libraries.entries.toList()) { (licence, libraries) ->
            LicenceCard(stringResource(R.string.licences_libraries_heading, licence.unbroken()), R.drawable.ic_storage) {
                libraries.forEach { LibraryEntry(it) }
            }
        }
        // Long, and in the language of lawyers.
        item {
            LicenceCard(stringResource(R.string.licences_texts_heading), R.drawable.ic_info) {
                licences.texts.forEach { text ->
                    Folded(text.first()) { text.drop(1).forEach { Text(it, style = MaterialTheme.typography.bodySmall) } }
                }
            }
        }
    }
}

@Composable
private fun LicenceCard(title: String, @DrawableRes icon: Int, content: @Composable ColumnScope.() -> Unit) {
    val scheme = MaterialTheme.colorScheme
    Card(Modifier.fillMaxWidth(), RoundedCornerShape(20.dp), CardDefaults.cardColors(scheme.surfaceContainerLow, scheme.onSurface)) {
        Column(Modifier.padding(16.dp), Arrangement.spacedBy(12.dp)) {
            CardHeading(title, icon)
            content()
        }
    }
}

@Composable
private fun CorpusLicence.sentence(): String = when (licence) {
    null -> stringResource(R.string.licences_corpus_unknown, name)
    else -> stringResource(R.string.licences_corpus, name, licence.unbroken())
}

/** The name of a licence whose version stays on the line of the word before it. */
private fun String.unbroken() = replace(Regex(" (?=\\d)"), "\u00a0")

/** The version at the end of the row; with a large font below the rest, which needs the width. */
@Composable
private fun LibraryEntry(library: Library) {
    val hasLargeFont = LocalDensity.current.hasLargeFont
    // Names are Latin in every language; their second line stands below the first, on the side where the page begins.
    val start = pageStart
    val quiet = @Composable { words: String, modifier: Modifier ->
        Text(words, modifier, style = MaterialTheme.typography.bodySmall, color = MaterialTheme.colorScheme.onSurfaceVariant, textAlign = start)
    }
    Row(Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}, Arrangement.spacedBy(16.dp)) {
        Column(Modifier.weight(1f).alignByBaseline()) {
            Text(library.group, style = MaterialTheme.typography.bodyMedium)
            quiet(library.parts.joinToString(), Modifier)
            if (hasLargeFont) quiet(library.version, Modifier)
        }
        if (!hasLargeFont) quiet(library.version, Modifier.alignByBaseline())
    }
}
