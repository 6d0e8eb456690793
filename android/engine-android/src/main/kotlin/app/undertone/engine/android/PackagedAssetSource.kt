package app.undertone.engine.android

import android.content.Context
import android.content.res.AssetManager
import app.undertone.engine.AssetSource
import java.io.File
import java.io.InputStream
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardCopyOption.REPLACE_EXISTING
import java.security.MessageDigest

/**
 * The asset inside the APK.
 *
 * ONNX Runtime reads models from a path or from a byte array; an array of 22 MB is a large part of a small phone's Java heap. So the
 * models are copied once to a folder that is never backed up, and opened there. [open] reads the same copy, so the hashes that
 * the engine checks at every start are those of the bytes that it runs. Each asset has a copy of its own, named after the hash
 * of its manifest: an update never meets the models of the version before.
 *
 * @param findFolder where the copies go; asked for with the first of them, because finding it touches the disk.
 */
public class PackagedAssetSource(private val assets: AssetManager, findFolder: () -> Path) : AssetSource {
    private val folder by lazy(findFolder)

    override val advice: String get() = "build the app again with the asset, as app.undertone:emotion-model brings it or make asset builds it"

    /** Keeps its copies in the app's folder for files that are never backed up. */
    public constructor(context: Context) : this(context.assets, { context.noBackupFilesDir.toPath().resolve(ASSET_FOLDER) })

    override fun open(name: String): InputStream =
        if (name.endsWith(MODEL)) Files.newInputStream(unpacked(name)) else packaged(name)

    override fun path(name: String): Path? = if (name.endsWith(MODEL)) unpacked(name) else null

    /** Forgets the copies; the next use makes them again. */
    @Synchronized
    public fun discardCopies() {
        folder.toFile().deleteRecursively()
    }

    @Synchronized
    private fun unpacked(name: String): Path {
        val current = folder.resolve(identity())
        val copy = current.resolve(name)
        if (Files.exists(copy)) return copy
        folder.toFile().listFiles().orEmpty().filter { it.name != current.fileName.toString() }.forEach(File::deleteRecursively)
        Files.createDirectories(current)
        val part = current.resolve("$name.part")
        packaged(name).use { Files.copy(it, part, REPLACE_EXISTING) }
        return Files.move(part, copy, ATOMIC_MOVE)
    }

    private fun identity(): String {
        val manifest = packaged("manifest.json").use { it.readBytes() }
        return MessageDigest.getInstance("SHA-256").digest(manifest).toHexString().take(IDENTITY_DIGITS)
    }

    private fun packaged(name: String): InputStream = assets.open("$ASSET_FOLDER/$name", AssetManager.ACCESS_STREAMING)

    private companion object {
        const val ASSET_FOLDER = "emotion"
        const val MODEL = ".onnx"
        const val IDENTITY_DIGITS = 16
    }
}
