package app.undertone.replay

import java.lang.management.ManagementFactory
import java.nio.file.Path
import javax.management.JMException
import javax.management.ObjectName
import kotlin.io.path.exists
import kotlin.io.path.useLines

/**
 * What the process holds: [heapBytes] of Java objects, and [residentBytes] in all, ONNX Runtime's included; [peakResidentBytes] is the most it ever
 * held. The latter two are null but on Linux.
 */
internal data class Memory(val heapBytes: Long, val residentBytes: Long?, val peakResidentBytes: Long?) {
    /** The most that is known. */
    val heldBytes: Long get() = residentBytes ?: heapBytes

    companion object {
        private val diagnosticCommand = ObjectName("com.sun.management:type=DiagnosticCommand")
        private val status = Path.of("/proc/self/status")

        fun now() = Memory(
            heapBytes = Runtime.getRuntime().run { totalMemory() - freeMemory() },
            residentBytes = statusBytes("VmRSS"),
            peakResidentBytes = statusBytes("VmHWM"),
        )

        /** As [now], when garbage and what glibc keeps of freed memory have gone back to the system. */
        fun settled(): Memory {
            System.gc()
            trimNativeHeap()
            return now()
        }

        private fun trimNativeHeap() {
            try {
                ManagementFactory.getPlatformMBeanServer()
                    .invoke(diagnosticCommand, "systemTrimNativeHeap", arrayOf(emptyArray<String>()), arrayOf(Array<String>::class.java.name))
            } catch (_: JMException) {
                // No glibc, or a JVM without the command: what was freed counts as held.
            }
        }

        private fun statusBytes(name: String): Long? = if (!status.exists()) {
            null
        } else {
            status.useLines { lines -> lines.firstOrNull { it.startsWith("$name:") }?.filter { it.isDigit() }?.toLong()?.times(1024) }
        }
    }
}
