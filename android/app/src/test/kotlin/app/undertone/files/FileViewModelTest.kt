package app.undertone.files

import android.net.Uri
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.test.setMain
import org.junit.After
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import kotlin.test.assertEquals

@OptIn(ExperimentalCoroutinesApi::class)
@RunWith(RobolectricTestRunner::class)
class FileViewModelTest {
    private val progress = mutableMapOf<Uri, MutableSharedFlow<FileProgress>>()
    private val viewModel by lazy { FileViewModel { progress.getValue(it) } }
    private val state get() = viewModel.state.value

    @Before
    fun runOnThisThread() = Dispatchers.setMain(UnconfinedTestDispatcher())

    @After
    fun restoreMain() = Dispatchers.resetMain()

    private fun file(name: String): Uri = Uri.parse("content://other/$name").also { progress[it] = MutableSharedFlow() }

    private suspend fun Uri.emit(event: FileProgress) = progress.getValue(this).emit(event)

    @Test
    fun `a file is shown while it is heard, and its session at the end`() = runTest {
        val file = file("a")
        assertEquals(FileUiState(), state)
        viewModel.open(file)
        assertEquals(FileUiState(FileStep.Hearing(0, null)), state)
        file.emit(FileProgress.Hearing("a.wav", heardMs = 3_000, lengthMs = 12_000))
        assertEquals(FileUiState(FileStep.Hearing(3_000, 12_000), "a.wav"), state)
        assertEquals(0.25f, (state.step as FileStep.Hearing).share)
        file.emit(FileProgress.Done(sessionId = 7))
        assertEquals(FileUiState(FileStep.Done(7), "a.wav"), state)
    }

    @Test
    fun `a problem stays until another file is opened`() = runTest {
        val file = file("a")
        viewModel.open(file)
        file.emit(FileProgress.Hearing("a.wav", heardMs = 0, lengthMs = null))
        file.emit(FileProgress.Failed(FileProblem.NoSpeech))
        assertEquals(FileUiState(FileStep.Failed(FileProblem.NoSpeech), "a.wav"), state)
        viewModel.open(file("b"))
        assertEquals(FileUiState(FileStep.Hearing(0, null)), state)
    }

    @Test
    fun `a file that is given up is heard no longer`() = runTest {
        val first = file("a")
        val second = file("b")
        viewModel.open(first)
        viewModel.open(second)
        assertEquals(0, progress.getValue(first).subscriptionCount.value)
        assertEquals(1, progress.getValue(second).subscriptionCount.value)
        viewModel.reset()
        assertEquals(0, progress.getValue(second).subscriptionCount.value)
        assertEquals(FileUiState(), state)
    }
}
