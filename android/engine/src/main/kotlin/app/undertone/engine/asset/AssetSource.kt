package app.undertone.engine.asset

import java.io.FileInputStream
import java.io.FileNotFoundException
import java.io.IOException
import java.io.InputStream
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path

/** Where the files of an asset come from: a folder, or the assets inside an APK. */
public interface AssetSource {
    /**
     * Opens the file [name], relative to the asset and with forward slashes; the caller closes it.
     *
     * @throws FileNotFoundException when there is no such file.
     */
    public fun open(name: String): InputStream

    /** The file [name] as a path that native code can read, or null where there is none, as inside an APK. */
    public fun path(name: String): Path? = null

    /**
     * The file [name] as memory that the system reads from the file and may drop again, from position 0 to the limit; null where it cannot be
     * mapped, and is read by [open] instead. Asked for models that have no [path].
     *
     * @throws IOException when there is no room in the address space, or the file cannot be read.
     */
    public fun map(name: String): ByteBuffer? = null

    /** What whoever builds the program can do about a file that is missing or changed, as in [AssetException]; null for nothing. */
    public val advice: String? get() = null
}

/** An asset in a [directory], as `make asset` writes it. */
public class DirectoryAssetSource(private val directory: Path) : AssetSource {
    override fun open(name: String): InputStream = FileInputStream(directory.resolve(name).toFile())

    override val advice: String get() = "run: make asset"

    override fun path(name: String): Path? = directory.resolve(name).takeIf { Files.isRegularFile(it) }
}
