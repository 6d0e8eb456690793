package app.undertone.engine.asset

import java.io.FileNotFoundException
import java.io.InputStream

/**
 * An asset among the resources of a JVM program, where the artifact `emotion-model` puts it.
 *
 * @param folder of the asset among the resources, without a slash at either end.
 * @param loader finds the resources.
 */
public class ClasspathAssetSource(
    private val folder: String = "app/undertone/emotion",
    private val loader: ClassLoader = ClasspathAssetSource::class.java.classLoader,
) : AssetSource {
    override val advice: String get() = "add app.undertone:emotion-model to the program, in the version of the engine"

    override fun open(name: String): InputStream =
        loader.getResourceAsStream("$folder/$name") ?: throw FileNotFoundException("$folder/$name is not on the class path")
}
