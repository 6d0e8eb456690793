package app.undertone.about

import android.content.res.AssetManager
import android.content.res.Resources
import androidx.annotation.RawRes
import androidx.compose.runtime.Immutable
import app.undertone.R
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json

/**
 * Everything that the app bundles.
 *
 * @param corpora whose recordings the model learned from, and the network that taught it.
 * @param libraries by the licence's name.
 * @param texts of the licences that ask for theirs to be passed on, paragraph by paragraph.
 */
@Immutable
data class Licences(val corpora: List<CorpusLicence>, val libraries: Map<String, List<Library>>, val texts: List<List<String>>)

/** @param name as its publisher writes it. [licence] is null where this app does not know it. */
@Immutable
data class CorpusLicence(val name: String, val licence: String?)

/** The parts of a library that the app uses, of one version. */
@Immutable
data class Library(val group: String, val parts: List<String>, val version: String)

/** Reads the licences. */
fun interface LicencesSource {
    suspend fun read(): Licences
}

/** The list that the build made of its own runtime classpath, and the texts beside it. */
class PackagedLicences(
    private val assets: AssetManager,
    private val resources: Resources,
    private val model: ModelFactsSource,
    private val disk: CoroutineDispatcher = Dispatchers.IO,
) : LicencesSource {
    override suspend fun read(): Licences = withContext(disk) {
        val artifacts = json.decodeFromString<List<Artifact>>(assets.open(LIBRARIES).use { it.readBytes() }.decodeToString())
        Licences(
            corpora = model.read()?.sources.orEmpty().map(::licenceOf),
            libraries = artifacts.groupBy { artifact -> artifact.spdxLicenses.joinToString { it.name } }
                .toSortedMap()
                .mapValues { libraries(it.value) },
            texts = listOf(R.raw.licence_apache_2_0, R.raw.licence_mit, R.raw.licence_bsd_3_clause).map(::paragraphs),
        )
    }

    private fun paragraphs(@RawRes text: Int): List<String> =
        resources.openRawResource(text).use { it.readBytes() }.decodeToString().trim().split(Regex("\n\\s*\n")).map(::unwrapped)

    private companion object {
        const val LIBRARIES = "licences/libraries.json"
        val json = Json { ignoreUnknownKeys = true }
    }
}

/** What the build writes about a library. */
@Serializable
private data class Artifact(val groupId: String, val artifactId: String, val version: String, val spdxLicenses: List<SpdxLicence>)

@Serializable
private data class SpdxLicence(val name: String)

private fun libraries(artifacts: List<Artifact>): List<Library> =
    artifacts.groupBy { it.groupId to it.version }
        .map { (library, parts) -> Library(library.first, parts.map { it.artifactId }.sorted(), library.second) }
        .sortedWith(compareBy({ it.group }, { it.version }))

/** The lines of a paragraph as one: screens break lines elsewhere than files do. */
private fun unwrapped(paragraph: String): String = paragraph.lines().joinToString(" ") { it.trim() }

/** Names as `model_builder` calls the corpora, and licences as their publishers state them. */
private fun licenceOf(corpus: String): CorpusLicence = when (corpus) {
    "crema-d" -> CorpusLicence("CREMA-D", "Open Database License 1.0")
    "ami" -> CorpusLicence("AMI Meeting Corpus", "Creative Commons Attribution 4.0 International License")
    "emogator" -> CorpusLicence("EmoGator", "Apache License 2.0")
    "asterisk-core-sounds" -> CorpusLicence("Asterisk core sounds", "Creative Commons Attribution-ShareAlike 3.0 and Attribution 3.0")
    "fillets-ng" -> CorpusLicence("Fish Fillets: Next Generation", "GNU General Public License 2 or later")
    "hedgewars" -> CorpusLicence("Hedgewars", "GNU General Public License 2")
    "ktuberling" -> CorpusLicence("KTuberling", "GNU General Public License 2 or later")
    "openai/whisper-base" -> CorpusLicence("Whisper base", "MIT License")
    else -> CorpusLicence(corpus.uppercase(), licence = null)
}
