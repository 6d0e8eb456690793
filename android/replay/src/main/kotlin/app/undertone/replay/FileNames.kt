package app.undertone.replay

import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.nio.CharBuffer
import java.nio.charset.CodingErrorAction
import java.nio.file.Path

/** What Java puts in place of bytes that are not UTF-8. */
private const val REPLACEMENT = '\uFFFD'

/** The first of the lone surrogates U+DC80..U+DCFF that stand for single bytes, as in Python's `surrogateescape` (PEP 383). */
private const val ESCAPED_BYTES = 0xdc00

/** The name of this path; bytes that are not UTF-8 are lone surrogates, from which the name can be made again. */
internal fun Path.reversibleName(): String {
    if (REPLACEMENT !in toString()) return toString()
    // Names of a listed folder keep their bytes, which only a URI gives.
    val names = joinToString("/") { name -> decoded(bytesOf(name.toUri().rawPath.trimEnd('/').substringAfterLast('/'))) }
    return if (isAbsolute) "/$names" else names
}

/** [text] with lone surrogates as JSON writes them, so that it can be encoded. */
internal fun escapedSurrogates(text: String): String = buildString(text.length) {
    for ((i, char) in text.withIndex()) {
        val isPaired = when {
            char.isHighSurrogate() -> i + 1 < text.length && text[i + 1].isLowSurrogate()
            char.isLowSurrogate() -> i > 0 && text[i - 1].isHighSurrogate()
            else -> true
        }
        if (isPaired) append(char) else append("\\u%04x".format(char.code))
    }
}

/** [text] with the characters that move a cursor or end a line as escapes. */
internal fun inOneLine(text: String): String = buildString(text.length) {
    for (char in text) {
        when {
            char == '\n' -> append("\\n")
            char == '\r' -> append("\\r")
            char == '\t' -> append("\\t")
            char.isISOControl() || char == '\u2028' || char == '\u2029' -> append("\\u%04x".format(char.code))
            else -> append(char)
        }
    }
}

private fun bytesOf(rawPath: String): ByteArray {
    val bytes = ByteArrayOutputStream()
    var at = 0
    while (at < rawPath.length) {
        if (rawPath[at] == '%') bytes.write(rawPath.substring(at + 1, at + 3).toInt(16)) else bytes.write(rawPath[at].code)
        at += if (rawPath[at] == '%') 3 else 1
    }
    return bytes.toByteArray()
}

private fun decoded(bytes: ByteArray): String {
    val decoder = Charsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT)
    val input = ByteBuffer.wrap(bytes)
    val output = CharBuffer.allocate(bytes.size)
    while (true) {
        val result = decoder.decode(input, output, true)
        if (!result.isError) break
        repeat(result.length()) { output.put((ESCAPED_BYTES + (input.get().toInt() and 0xff)).toChar()) }
        decoder.reset()
    }
    return output.flip().toString()
}
