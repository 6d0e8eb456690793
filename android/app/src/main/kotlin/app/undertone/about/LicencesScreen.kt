package app.undertone.about

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.semantics
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.undertone.R
import app.undertone.ui.Paragraph
import app.undertone.ui.ReadingPage
import app.undertone.ui.SectionHeading

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
        item { SectionHeading(stringResource(R.string.licences_models_heading)) }
        items(licences.corpora) { Paragraph(it.sentence()) }
        item { Paragraph(stringResource(R.string.licences_speech_gate)) }
        licences.libraries.forEach { (licence, libraries) ->
            item { SectionHeading(stringResource(R.string.licences_libraries_heading, licence)) }
            items(libraries) { LibraryEntry(it) }
        }
        licences.texts.forEach { text ->
            item { SectionHeading(text.first()) }
            items(text.drop(1)) { Text(it, style = MaterialTheme.typography.bodySmall) }
        }
    }
}

@Composable
private fun CorpusLicence.sentence(): String =
    if (licence == null) stringResource(R.string.licences_corpus_unknown, name) else stringResource(R.string.licences_corpus, name, licence)

@Composable
private fun LibraryEntry(library: Library) {
    Column(Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}) {
        Text(stringResource(R.string.licences_library, library.group, library.version), style = MaterialTheme.typography.bodyMedium)
        Text(
            library.parts.joinToString(),
            style = MaterialTheme.typography.bodySmall,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
        )
    }
}
