package app.undertone.engine

import app.undertone.engine.asset.AssetException
import app.undertone.engine.asset.AssetSource
import app.undertone.engine.asset.EmotionAsset
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/**
 * Emotions out of a microphone, as a flow.
 *
 * Owns the engine that it runs: the models are loaded while the first collection already records (some 0.2 s, about 100 MB until [close]),
 * serve one collection after the other, and are freed by [close]. Whoever makes an `Undertone` closes it. Any thread may use it.
 *
 * @param source the asset; read at the first collection.
 * @param threads of ONNX Runtime for one result.
 */
public class Undertone(private val source: AssetSource, private val threads: Int = 1) : AutoCloseable {
    private val turn = Mutex() // held by the collection that has the engine
    private var engine: EmotionEngine? = null

    @Volatile
    private var isClosed = false

    /**
     * The emotions of what [microphone] records: cold, so that each collection starts a recording of its own.
     *
     * Recording and recognition have threads of their own, and wait for no slow collector. Cancelling the collection stops the recording,
     * drops what is not recognised yet, and returns when the microphone is free. Where the recording ends by itself or fails, the events
     * of all that was recorded come first. Collections take turns: one that begins while another goes on waits until that one ends, before
     * it starts its microphone.
     *
     * A collection throws [MicrophoneException] when the microphone cannot be started, is taken away, or gives silence because the system
     * keeps it from this app; [AssetException] when the asset cannot be trusted; [OnnxRuntimeException] where there is no ONNX Runtime; and
     * IllegalStateException after [close]. It can be collected again.
     *
     * @param microphone gives audio at the pace of time: of a source that runs ahead by more than [LiveStream.QUEUE_MS], the rest is lost, as
     *   an [EmotionEvent.Gap]. For files there is [EmotionEngine].
     * @param options of the stream.
     */
    public fun listen(microphone: Microphone, options: StreamOptions = StreamOptions()): Flow<EmotionEvent> = channelFlow {
        try {
            turn.withLock {
                check(!isClosed) { "this Undertone is closed" }
                recognise(microphone, options, channel)
            }
        } catch (e: CancellationException) {
            throw e
        } catch (e: Exception) {
            channel.trySend(Result.failure(e)) // behind the events: thrown here, it would cancel the collection before those arrive
        } finally {
            // Closed meanwhile: the close left the engine to this collection.
            if (isClosed) freeUnlessInUse()
        }
    }.buffer(Channel.UNLIMITED).flowOn(Dispatchers.IO).map { it.getOrThrow() }

    /** Frees the models; those of a collection that goes on when it ends. No collection starts after it. */
    override fun close() {
        isClosed = true
        freeUnlessInUse()
    }

    private fun freeUnlessInUse() {
        if (!turn.tryLock()) return
        engine?.close()
        engine = null
        turn.unlock()
    }

    private suspend fun recognise(microphone: Microphone, options: StreamOptions, events: SendChannel<Result<EmotionEvent>>) {
        val recording = microphone.start()
        val lease = EngineLease(options)
        var failed: Exception? = null
        val listener = object : LiveListener {
            override fun onEvent(event: EmotionEvent) {
                events.trySend(Result.success(event))
            }

            override fun onFailure(failure: Exception) {
                failed = failure
                recording.stop()
            }
        }
        var stream: LiveStream? = null
        try {
            val taken = recording.use {
                LiveStream(recording.rateHz, System.currentTimeMillis(), listener, openEngine = lease::begin).let {
                    stream = it
                    capture(recording, it)
                }
            }
            runInterruptible { stream?.finish() }
            (failed ?: taken)?.let { throw it }
        } finally {
            stream?.let {
                it.stop()
                withContext(NonCancellable) { lease.isOver.await() }
            }
        }
    }

    /** Records until the recording ends, or is ended by the cancellation. Returns what took the microphone away; null at its end. */
    private suspend fun capture(recording: Recording, stream: LiveStream): MicrophoneException? = coroutineScope {
        val reading = async { read(recording, stream) }
        try {
            reading.await()
        } finally {
            recording.stop() // read waits for the hardware, and knows nothing of coroutines
        }
    }

    private fun read(recording: Recording, stream: LiveStream): MicrophoneException? {
        val chunk = ShortArray(recording.rateHz * CHUNK_MS / 1000)
        try {
            while (true) {
                val count = recording.read(chunk)
                if (count == 0) return null
                if (recording.lostSamples > 0) stream.skip(recording.lostSamples)
                recording.silencedBy?.let { return MicrophoneException("the system gives silence instead of sound", it) }
                stream.offer(chunk, count)
            }
        } catch (e: MicrophoneException) {
            return e
        }
    }

    /** The engine in the hands of one stream, whose thread calls [begin] once and closes what it gets. */
    private inner class EngineLease(private val options: StreamOptions) {
        val isOver = CompletableDeferred<Unit>()

        fun begin(): StreamEngine = try {
            val engine = engine ?: EmotionEngine(EmotionAsset.open(source), threads).also { engine = it }
            engine.options = options
            object : StreamEngine by engine {
                override fun close() {
                    engine.reset()
                    isOver.complete(Unit)
                }
            }
        } catch (e: Throwable) {
            isOver.complete(Unit)
            throw if (e is LinkageError) OnnxRuntimeException(e) else e
        }
    }

    private companion object {
        /** As long as one frame of the speech gate. */
        const val CHUNK_MS = 32
    }
}
