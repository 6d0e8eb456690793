package app.undertone.replay

import java.nio.file.Path
import kotlin.io.path.Path
import kotlin.io.path.isDirectory

private const val ASSET_FOLDER = "android/app/src/main/assets/emotion"

/** The asset of the checkout around the current folder, or else of the one around the installed command. */
internal fun builtAssetFolder(): Path {
    val installed = object {}.javaClass.protectionDomain.codeSource?.location?.let { Path.of(it.toURI()) }
    return builtAssetFolder(listOfNotNull(Path("").toAbsolutePath(), installed))
}

/** The asset of the first checkout around one of [places]; where there is none, the path that it has in a checkout. */
internal fun builtAssetFolder(places: List<Path>): Path =
    places.asSequence()
        .flatMap { place -> generateSequence(place) { it.parent } }
        .map { it.resolve(ASSET_FOLDER) }
        .firstOrNull { it.isDirectory() }
        ?: Path(ASSET_FOLDER)
