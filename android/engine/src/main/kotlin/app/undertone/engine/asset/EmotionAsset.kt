package app.undertone.engine.asset

import app.undertone.engine.OnnxLibrary
import app.undertone.engine.OnnxModel
import java.io.FileNotFoundException
import java.io.IOException
import java.io.InputStream
import java.nio.Buffer
import java.nio.ByteBuffer
import java.security.MessageDigest

/**
 * A verified asset: every file that the manifest lists is there, with the size and hash that it states.
 *
 * Where the source has no paths it holds the bytes of the models (about 23 MB outside the heap, which the system can drop where they are mapped):
 * let go of it once the engine is built. Immutable, so any thread may use it.
 *
 * @property manifest what the asset says about its models.
 */
public class EmotionAsset private constructor(
    public val manifest: AssetManifest,
    internal val emotionModel: OnnxModel,
    internal val speechModel: OnnxModel,
) {
    /** Where assets come from. */
    public companion object {
        private const val MANIFEST = "manifest.json"
        private const val EMOTION_MODEL = "model.onnx"
        private const val SPEECH_MODEL = "speech_gate.onnx"

        // Forward slashes only, no part that starts with a dot: nothing that could leave the asset's folder.
        private val plainRelativePath = Regex("""[\w-][\w.-]*(/[\w-][\w.-]*)*""")
        private val sha256Hex = Regex("[0-9a-f]{64}")

        /** Enough of a hash to tell two files apart, and short enough for one line on a phone. */
        private const val SHOWN_DIGITS = 12

        /**
         * Reads the manifest and checks every file once; takes some 0.2 s, so keep it off the main thread. ONNX Runtime's library is loaded
         * meanwhile, on a thread of its own; where it cannot be, the engine throws the LinkageError.
         *
         * @throws AssetException naming the file and the reason, when anything does not fit.
         */
        public fun open(source: AssetSource): EmotionAsset {
            OnnxLibrary.beginToLoad()
            val manifest = source.use(MANIFEST) { stream ->
                try {
                    readManifest(stream.readBytes().decodeToString()).also { checkFileList(it.files) }
                } catch (e: IllegalArgumentException) {
                    throw AssetException(MANIFEST, e.message.orEmpty(), source.advice, e)
                }
            }
            val models = mutableMapOf<String, OnnxModel>()
            for (file in manifest.files) {
                val path = source.path(file.name)
                if (path == null && (file.name == EMOTION_MODEL || file.name == SPEECH_MODEL)) {
                    models[file.name] = OnnxModel.InMemory(file.name, source.mapVerified(file) ?: source.verify(file, keepBytes = true)!!)
                } else {
                    source.verify(file, keepBytes = false)
                    if (path != null) models[file.name] = OnnxModel.AtPath(file.name, path)
                }
            }
            return EmotionAsset(manifest, models.getValue(EMOTION_MODEL), models.getValue(SPEECH_MODEL))
        }

        private fun checkFileList(files: List<AssetFile>) {
            for (file in files) {
                require(plainRelativePath.matches(file.name)) {
                    "files: \"${file.name}\" is not a plain path inside the asset"
                }
                require(sha256Hex.matches(file.sha256)) { "files: ${file.name} has no SHA-256 of 64 lower-case hex digits" }
            }
            val names = files.map { it.name }
            val twice = names.groupingBy { it }.eachCount().filterValues { it > 1 }.keys
            require(twice.isEmpty()) { "files: ${twice.joinToString()} is listed more than once" }
            for (name in listOf(EMOTION_MODEL, SPEECH_MODEL)) require(name in names) { "files: $name is not listed" }
        }

        /** The bytes of [file] where the source maps it. */
        private fun AssetSource.mapVerified(file: AssetFile): ByteBuffer? {
            val bytes = reading(file.name) { map(file.name) } ?: return null
            val digest = MessageDigest.getInstance("SHA-256").apply { update(bytes.duplicate()) }
            requireAsListed(file, bytes.remaining().toLong(), digest)
            return bytes
        }

        /** Reads [file] to its end, hashing as it goes; returns its bytes, at position 0, only if they are to be kept. */
        private fun AssetSource.verify(file: AssetFile, keepBytes: Boolean): ByteBuffer? = use(file.name) { stream ->
            val kept = if (keepBytes) ByteBuffer.allocateDirect(file.keepableSizeBytes()) else null
            val digest = MessageDigest.getInstance("SHA-256")
            val chunk = ByteArray(1 shl 16)
            var sizeBytes = 0L
            while (true) {
                val count = stream.read(chunk)
                if (count < 0) break
                sizeBytes += count
                if (sizeBytes > file.sizeBytes) break
                digest.update(chunk, 0, count)
                kept?.put(chunk, 0, count)
            }
            requireAsListed(file, sizeBytes, digest)
            // On Android up to 9 only Buffer has this method: a call on ByteBuffer compiles, and is not found there.
            kept?.also { (it as Buffer).rewind() }
        }

        private fun AssetSource.requireAsListed(file: AssetFile, sizeBytes: Long, digest: MessageDigest) {
            if (sizeBytes != file.sizeBytes) {
                val found = if (sizeBytes > file.sizeBytes) "more" else "$sizeBytes"
                throw AssetException(file.name, "has $found bytes, the manifest says ${file.sizeBytes}", advice)
            }
            val sha256 = digest.digest().toHexString()
            if (sha256 != file.sha256) {
                fun String.abbreviated() = take(SHOWN_DIGITS) + "..."
                throw AssetException(
                    file.name,
                    "has SHA-256 ${sha256.abbreviated()}, the manifest says ${file.sha256.abbreviated()}",
                    advice,
                )
            }
        }

        private fun AssetFile.keepableSizeBytes(): Int = sizeBytes.takeIf { it in 0..Int.MAX_VALUE }?.toInt()
            ?: throw AssetException(name, "cannot have $sizeBytes bytes")

        private fun <T> AssetSource.use(name: String, read: (InputStream) -> T): T = reading(name) { open(name).use(read) }

        private fun <T> AssetSource.reading(name: String, read: () -> T): T = try {
            read()
        } catch (e: FileNotFoundException) {
            throw AssetException(name, "is missing", advice, e)
        } catch (e: IOException) {
            throw AssetException(name, "cannot be read (${e.message})", cause = e)
        }
    }
}
