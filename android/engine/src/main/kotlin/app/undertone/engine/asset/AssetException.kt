package app.undertone.engine.asset

/**
 * The asset cannot be trusted: a file is missing, changed, or not what this engine was written for.
 *
 * @property file the asset file at fault, relative to the asset's folder.
 * @property reason what is wrong with it, without the file's name.
 * @property advice what to do, for whoever builds the program; null where the engine knows nothing.
 */
public class AssetException(
    public val file: String,
    public val reason: String,
    public val advice: String? = null,
    cause: Throwable? = null,
) : Exception(listOfNotNull("$file: $reason", advice).joinToString("; "), cause)
