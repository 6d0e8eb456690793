package app.undertone.chaos

import android.content.Context
import android.media.MediaCodec
import android.media.MediaExtractor
import android.media.MediaFormat
import android.net.Uri
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowMediaCodec
import org.robolectric.shadows.ShadowMediaExtractor
import java.nio.ByteBuffer

/** The system's extractor and codec, each call of which can be made to fail. */
internal object FailingMedia {
    val failing = Failing()

    /** Each call that the app makes of them, in the order of a file. */
    val parts = listOf(
        "setDataSource",
        "getTrackCount",
        "getTrackFormat",
        "selectTrack",
        "start",
        "dequeueInputBuffer",
        "readSampleData",
        "getSampleTime",
        "queueInputBuffer",
        "advance",
        "dequeueOutputBuffer",
        "releaseOutputBuffer",
        "release of the codec",
        "release of the extractor",
    )

    @Implements(MediaExtractor::class)
    class Extractor : ShadowMediaExtractor() {
        @Implementation
        override fun setDataSource(context: Context, uri: Uri, headers: Map<String, String>?) =
            failing.at("setDataSource") { super.setDataSource(context, uri, headers) }

        @Implementation
        override fun getTrackCount(): Int = failing.at("getTrackCount") { super.getTrackCount() }

        @Implementation
        override fun getTrackFormat(index: Int): MediaFormat = failing.at("getTrackFormat") { super.getTrackFormat(index) }

        @Implementation
        override fun selectTrack(index: Int) = failing.at("selectTrack") { super.selectTrack(index) }

        @Implementation
        override fun readSampleData(buffer: ByteBuffer, offset: Int): Int = failing.at("readSampleData") { super.readSampleData(buffer, offset) }

        @Implementation
        fun getSampleTime(): Long = failing.at("getSampleTime") { 0L }

        @Implementation
        override fun advance(): Boolean = failing.at("advance") { super.advance() }

        @Implementation
        fun release() = failing.at("release of the extractor") {}
    }

    @Implements(MediaCodec::class)
    class Codec : ShadowMediaCodec() {
        @Implementation
        override fun native_start() = failing.at("start") { super.native_start() }

        @Implementation
        override fun native_dequeueInputBuffer(timeoutUs: Long): Int = failing.at("dequeueInputBuffer") { super.native_dequeueInputBuffer(timeoutUs) }

        @Implementation
        override fun native_queueInputBuffer(index: Int, offset: Int, size: Int, timeUs: Long, flags: Int) =
            failing.at("queueInputBuffer") { super.native_queueInputBuffer(index, offset, size, timeUs, flags) }

        @Implementation
        override fun native_dequeueOutputBuffer(info: MediaCodec.BufferInfo, timeoutUs: Long): Int =
            failing.at("dequeueOutputBuffer") { super.native_dequeueOutputBuffer(info, timeoutUs) }

        @Implementation
        override fun releaseOutputBuffer(index: Int, isRendered: Boolean) =
            failing.at("releaseOutputBuffer") { super.releaseOutputBuffer(index, isRendered) }

        @Implementation(methodName = "native_release")
        fun releaseNative() = failing.at("release of the codec") {}
    }
}
