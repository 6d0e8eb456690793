package app.undertone.analysis

import android.net.Uri
import androidx.core.net.toUri
import app.undertone.model.storing
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.util.UUID

/**
 * The files that are to be analysed, one after the other. Screens come and go: the work goes on in [scope], and its jobs are on the disk, so that
 * the next process goes on with what this one leaves. Any thread may use it.
 *
 * @param serve something is to be done: what keeps the process alive meanwhile, and the right to read these files, is started here.
 * @param nameOf asks the app that offers a file for its name; null where it says none. Called on a background thread.
 * @param stayAwake keeps the processor awake until the result is closed.
 */
class FileQueue(
    private val analysis: FileAnalysis,
    private val grants: FileGrants,
    private val stored: FileJobFile,
    private val scope: CoroutineScope,
    private val serve: (List<Uri>) -> Unit,
    private val nameOf: (Uri) -> String? = { null },
    private val stayAwake: () -> AutoCloseable = { AutoCloseable {} },
) {
    private val lock = Any()
    private val mutableJobs = MutableStateFlow(emptyList<FileJob>())

    /** In the order in which they were given. */
    val jobs: StateFlow<List<FileJob>> = mutableJobs.asStateFlow()

    /** Somebody sees [jobs]: what becomes of them need not be told otherwise. */
    @Volatile
    var isWatched = false

    /** Guarded by [lock], as every change of [jobs] is. */
    private var isRunning = false
    private var current: Current? = null

    private val loading: Job = scope.launch(Dispatchers.IO) {
        val (over, earlier) = stored.read().partition { it.isOver }
        over.forEach { grants.release(it.uri.toUri()) }
        synchronized(lock) { mutableJobs.value = earlier.map { it.afterProcessDeath() } + jobs.value }
        scope.launch { store() }
    }

    /** Analyses [files], behind those that wait already. */
    fun add(files: List<Uri>) {
        files.forEach(grants::hold)
        synchronized(lock) {
            val pending = jobs.value.filter { it.isPending }.map { it.uri }
            val added = files.map { it.toString() }.distinct() - pending.toSet()
            // What is over makes room, but for what can still go on.
            val kept = if (pending.isEmpty()) jobs.value.filter { it.isInterrupted && it.uri !in added } else jobs.value
            mutableJobs.value = kept + added.map { FileJob(UUID.randomUUID().toString(), it) }
        }
        begin()
        scope.launch(Dispatchers.IO) {
            for (job in jobs.value.filter { it.name == null }) nameOf(job.uri.toUri())?.let { name -> change(job.id) { it.copy(name = name) } }
        }
    }

    /** Gives up the file; what was found in it stays. One that waits, or is over, is taken off the list. */
    fun cancel(id: String) = synchronized(lock) {
        if (!stop(id, StopCause.Cancelled)) remove { it.id == id }
    }

    fun cancelAll() = synchronized(lock) {
        jobs.value.filter { it.isPending }.forEach { cancel(it.id) }
    }

    /** Takes off the list what is over, but for what can still go on by itself. */
    fun dismiss() = synchronized(lock) {
        remove { !it.isPending && !it.isInterrupted }
    }

    /** Goes on with a file that stopped or failed. */
    fun resume(id: String) {
        change(id) { if (it.isPending) it else it.copy(step = FileStep.Queued, starts = 0) }
        begin()
    }

    /** What stopped or failed and can go on, but for what the user gave up, waits for [goOn]. */
    suspend fun requeue() {
        loading.join()
        synchronized(lock) {
            for (job in jobs.value.filter { it.canContinue && !it.isGivenUp }) change(job.id) { it.copy(step = FileStep.Queued, starts = 0) }
        }
    }

    /** The system lets nothing go on behind other apps: everything waits until [goOn]. */
    fun interrupt() = synchronized(lock) {
        for (job in jobs.value.filter { it.isPending }) {
            if (!stop(job.id, StopCause.Interrupted)) change(job.id) { it.copy(step = FileStep.Stopped(StopCause.Interrupted)) }
        }
    }

    /**
     * Goes on with what an earlier process, or [interrupt], left, but for files that ended the process several times. Returns whether there was
     * any.
     */
    suspend fun goOn(): Boolean {
        loading.join()
        val isNeeded = synchronized(lock) {
            for (job in jobs.value.filter { it.isInterrupted && it.starts < MOST_STARTS }) change(job.id) { it.copy(step = FileStep.Queued) }
            !isRunning && jobs.value.any { it.isPending }
        }
        run()
        return isNeeded
    }

    /** The app is on screen: [goOn], and what keeps the process alive is started with it. */
    fun goOnOnScreen() {
        scope.launch { if (goOn()) serve(pendingFiles()) }
    }

    private fun begin() {
        serve(pendingFiles())
        run()
    }

    private fun pendingFiles() = jobs.value.filter { it.isPending }.map { it.uri.toUri() }

    private fun run() {
        synchronized(lock) {
            if (isRunning || jobs.value.none { it.step == FileStep.Queued }) return
            isRunning = true
        }
        scope.launch {
            loading.join()
            while (true) await(next() ?: break)
        }
    }

    private fun next(): Current? = synchronized(lock) {
        val job = jobs.value.firstOrNull { it.step == FileStep.Queued }
        current = job?.let {
            change(it.id) { next -> next.copy(step = FileStep.Analysing(), starts = next.starts + 1) }
            val follower = Follower(it.id)
            Current(it, follower, scope.async(start = CoroutineStart.LAZY) { analysis.analyse(it.uri.toUri(), it.sessionId, follower) })
        }
        isRunning = current != null
        current
    }

    private suspend fun await(current: Current) {
        val end = try {
            current.work.await()
        } catch (_: CancellationException) {
            currentCoroutineContext().ensureActive()
            null
        } finally {
            current.follower.rest()
        }
        synchronized(lock) {
            this.current = null
            end(current.job.id, end, current.cause)
        }
    }

    private fun end(id: String, end: FileEnd?, cause: StopCause) {
        val job = jobs.value.single { it.id == id }
        val analysedMs = (job.step as? FileStep.Analysing)?.analysedMs ?: 0
        val step = when {
            end is FileEnd.Done -> FileStep.Done
            end is FileEnd.Failed -> FileStep.Failed(end.problem)
            end == FileEnd.Deleted || (cause == StopCause.Cancelled && job.sessionId == null) -> return remove { it.id == id }
            else -> FileStep.Stopped(cause, analysedMs)
        }
        if (step == FileStep.Done) grants.release(job.uri.toUri())
        change(id) { it.copy(step = step) }
    }

    /** Returns whether the file is the one that is analysed. */
    private fun stop(id: String, cause: StopCause): Boolean {
        val current = current?.takeIf { it.job.id == id } ?: return false
        current.cause = cause
        current.work.cancel()
        return true
    }

    private fun remove(isOver: (FileJob) -> Boolean) {
        val (over, kept) = jobs.value.partition(isOver)
        mutableJobs.value = kept
        over.forEach { grants.release(it.uri.toUri()) }
    }

    private fun change(id: String, how: (FileJob) -> FileJob) = synchronized(lock) {
        mutableJobs.value = jobs.value.map { if (it.id == id) how(it) else it }
    }

    /** How far a file is does not matter to the next process: the recording in the history says where it goes on. */
    private suspend fun store() = jobs
        .map { jobs -> jobs.map { if (it.step is FileStep.Analysing) it.copy(step = FileStep.Analysing()) else it } }
        .distinctUntilChanged()
        .flowOn(Dispatchers.Default)
        .collect { jobs -> storing({}) { withContext(Dispatchers.IO) { stored.write(jobs) } } }

    private inner class Follower(private val id: String) : FileFollower {
        private var awake: AutoCloseable? = null
        private var isOver = false

        override fun onProgress(name: String?, progress: FileStep.Analysing) {
            stay(isAwake = !progress.isWaiting)
            change(id) { it.copy(name = name ?: it.name, step = progress) }
        }

        override fun onSession(sessionId: Long) = change(id) { it.copy(sessionId = sessionId) }

        fun rest() = synchronized(lock) {
            isOver = true
            stay(isAwake = false)
        }

        private fun stay(isAwake: Boolean) = synchronized(lock) {
            if (isAwake && !isOver) {
                if (awake == null) awake = stayAwake()
            } else {
                awake?.close()
                awake = null
            }
        }
    }

    /** The file that is analysed. @param cause why, should its work be cancelled. */
    private class Current(val job: FileJob, val follower: Follower, val work: Deferred<FileEnd>, var cause: StopCause = StopCause.Cancelled)

    private companion object {
        /** Of one file, each of which ended with the process. */
        const val MOST_STARTS = 3
    }

    private val FileJob.isInterrupted: Boolean get() = (step as? FileStep.Stopped)?.cause == StopCause.Interrupted

    /** The next process need not know of it: the history has it. */
    private val FileJob.isOver: Boolean get() = step == FileStep.Done || isGivenUp

    private fun FileJob.afterProcessDeath(): FileJob =
        if (step is FileStep.Analysing) copy(step = if (starts < MOST_STARTS) FileStep.Queued else FileStep.Stopped(StopCause.Interrupted)) else this
}
