package app.undertone.engine.android

import android.content.Context
import android.content.res.AssetManager
import app.undertone.engine.asset.AssetSource
import java.io.FileInputStream
import java.io.FileNotFoundException
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.channels.FileChannel.MapMode.READ_ONLY

/**
 * The asset inside the APK.
 *
 * Models that the APK holds as they are, by `androidResources { noCompress += 'onnx' }`, are mapped: nothing is copied to the disk or to the
 * heap, and the bytes whose hash the engine checks are those that it runs. Compressed ones are inflated into memory outside the heap while the
 * engine loads.
 */
public class PackagedAssetSource(private val assets: AssetManager) : AssetSource {
    /** What the developer of the app can do about a file that is missing. */
    override val advice: String get() = "build the app again with the asset, as app.undertone:emotion-model brings it or make asset builds it"

    /** The asset of the app of [context]. */
    public constructor(context: Context) : this(context.assets)

    /** The file [name] of the asset, as a stream that the caller closes. */
    override fun open(name: String): InputStream = assets.open("$ASSET_FOLDER/$name", AssetManager.ACCESS_STREAMING)

    /** The file [name], mapped from the APK; null where it is compressed there. */
    override fun map(name: String): ByteBuffer? = try {
        assets.openFd("$ASSET_FOLDER/$name").use { file ->
            FileInputStream(file.fileDescriptor).channel.map(READ_ONLY, file.startOffset, file.length)
        }
    } catch (_: FileNotFoundException) {
        null // compressed; or missing, which open says
    }

    private companion object {
        const val ASSET_FOLDER = "emotion"
    }
}
