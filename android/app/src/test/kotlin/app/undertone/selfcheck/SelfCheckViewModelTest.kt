package app.undertone.selfcheck

import app.undertone.asset.AssetProblem
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
import kotlin.test.assertEquals

@OptIn(ExperimentalCoroutinesApi::class)
class SelfCheckViewModelTest {
    private val progress = MutableSharedFlow<SelfCheckProgress>()
    private val viewModel by lazy { SelfCheckViewModel({ progress }, SelfCheckStates.phone) }
    private val step get() = viewModel.state.value.step

    @Before
    fun runOnThisThread() = Dispatchers.setMain(UnconfinedTestDispatcher())

    @After
    fun restoreMain() = Dispatchers.resetMain()

    @Test
    fun `a check shows its progress and its report`() = runTest {
        assertEquals(SelfCheckStep.Ready, step)
        viewModel.start()
        assertEquals(SelfCheckStep.Running(progress = null), step)
        progress.emit(SelfCheckProgress.Running(8, 32, 8))
        assertEquals(SelfCheckStep.Running(SelfCheckProgress.Running(8, 32, 8)), step)
        progress.emit(SelfCheckProgress.Finished(SelfCheckStates.passed))
        assertEquals(SelfCheckStates.finished, viewModel.state.value)
    }

    @Test
    fun `a check that is cancelled runs no longer, and can be started again`() = runTest {
        viewModel.start()
        viewModel.cancel()
        assertEquals(0, progress.subscriptionCount.value)
        assertEquals(SelfCheckStep.Ready, step)
        viewModel.start()
        viewModel.start()
        assertEquals(1, progress.subscriptionCount.value)
        progress.emit(SelfCheckProgress.Failed(AssetProblem.NoRuntime))
        assertEquals(SelfCheckStep.Failed(AssetProblem.NoRuntime), step)
    }
}
