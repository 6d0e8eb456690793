package app.undertone.engine.testing

import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * Writes an ONNX file of a few nodes, so that tests can state what a model computes instead of carrying binary files.
 *
 * Field numbers: onnx.proto3 of ONNX, IR version 8; operators: opset 13.
 */
class OnnxGraph {
    private val graph = ProtoMessage().string(NAME, "tiny")

    /** Declares an input of the model; -1 in [shape] is a size that the file leaves open. */
    fun input(name: String, shape: List<Long>, type: Int = FLOAT) = apply { graph.message(INPUT, value(name, shape, type)) }

    /** Declares an output of the model; -1 in [shape] is a size that the file leaves open. */
    fun output(name: String, shape: List<Long>, type: Int = FLOAT) = apply { graph.message(OUTPUT, value(name, shape, type)) }

    /** Adds a constant; no [shape] makes it a scalar. */
    fun constant(name: String, values: List<Float>, vararg shape: Long) = apply {
        val raw = ByteBuffer.allocate(4 * values.size).order(ByteOrder.LITTLE_ENDIAN)
        values.forEach { raw.putFloat(it) }
        tensor(name, FLOAT, raw.array(), shape)
    }

    /** Adds a constant row of whole numbers. */
    fun constant(name: String, vararg values: Long) = apply {
        val raw = ByteBuffer.allocate(8 * values.size).order(ByteOrder.LITTLE_ENDIAN)
        values.forEach { raw.putLong(it) }
        tensor(name, INT64, raw.array(), longArrayOf(values.size.toLong()))
    }

    /** Adds a node; [attributes] are whole numbers or lists of them. */
    fun node(operator: String, inputs: List<String>, output: String, attributes: Map<String, Any> = emptyMap()) = apply {
        val node = ProtoMessage()
        inputs.forEach { node.string(1, it) }
        node.string(2, output).string(4, operator)
        for ((name, attribute) in attributes) {
            val message = ProtoMessage().string(1, name)
            when (attribute) {
                is Long -> message.number(3, attribute).number(20, 2)
                is List<*> -> attribute.forEach { message.number(8, it as Long) }.also { message.number(20, 7) }
                else -> error("$name: $attribute is neither Long nor List<Long>")
            }
            node.message(5, message)
        }
        graph.message(NODE, node)
    }

    fun toBytes(): ByteArray = ProtoMessage()
        .number(1, 8) // IR version
        .message(7, graph)
        .message(8, ProtoMessage().string(1, "").number(2, 13)) // opset
        .toBytes()

    private fun tensor(name: String, type: Int, raw: ByteArray, shape: LongArray) {
        val tensor = ProtoMessage()
        shape.forEach { tensor.number(1, it) }
        graph.message(INITIALIZER, tensor.number(2, type.toLong()).string(8, name).bytes(9, raw))
    }

    private fun value(name: String, shape: List<Long>, type: Int): ProtoMessage {
        val sizes = ProtoMessage()
        shape.forEachIndexed { axis, size ->
            sizes.message(1, ProtoMessage().apply { if (size < 0) string(2, "${name}_$axis") else number(1, size) })
        }
        val tensor = ProtoMessage().number(1, type.toLong()).message(2, sizes)
        return ProtoMessage().string(1, name).message(2, ProtoMessage().message(1, tensor))
    }

    companion object {
        const val FLOAT = 1
        const val INT64 = 7
        private const val NODE = 1
        private const val NAME = 2
        private const val INITIALIZER = 5
        private const val INPUT = 11
        private const val OUTPUT = 12
    }
}

/** A protocol buffer message, field after field. */
private class ProtoMessage {
    private val out = ByteArrayOutputStream()

    fun number(field: Int, value: Long) = apply {
        varint(field.toLong() shl 3)
        varint(value)
    }

    fun bytes(field: Int, value: ByteArray) = apply {
        varint((field.toLong() shl 3) or 2)
        varint(value.size.toLong())
        out.write(value)
    }

    fun string(field: Int, value: String) = bytes(field, value.encodeToByteArray())

    fun message(field: Int, value: ProtoMessage) = bytes(field, value.toBytes())

    fun toBytes(): ByteArray = out.toByteArray()

    private fun varint(value: Long) {
        var rest = value
        while (rest and 0x7f.inv() != 0L) {
            out.write((rest and 0x7f or 0x80).toInt())
            rest = rest ushr 7
        }
        out.write(rest.toInt())
    }
}
