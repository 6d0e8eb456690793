package app.undertone.files

import android.content.Context
import android.net.Uri
import androidx.test.core.app.ApplicationProvider
import app.undertone.analysis.FileAnalysis
import app.undertone.analysis.FileGrants
import app.undertone.analysis.FileJobFile
import app.undertone.analysis.FileQueue
import app.undertone.analysis.MediaAudioDecoder
import app.undertone.history.FakeSessionStore
import app.undertone.live.FakeEngines
import app.undertone.settings.FakeSettings
import app.undertone.ui.watch
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.setMain
import org.junit.After
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

@OptIn(ExperimentalCoroutinesApi::class)
@RunWith(RobolectricTestRunner::class)
class FileViewModelTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val settings = FakeSettings()
    private val queue by lazy {
        val analysis = FileAnalysis(MediaAudioDecoder(context), FakeEngines(), FakeSessionStore())
        val list = FileJobFile { folder.root.resolve("files.json") }
        FileQueue(analysis, FileGrants(context.contentResolver), list, CoroutineScope(SupervisorJob() + Dispatchers.Default), serve = {})
    }
    private val viewModel by lazy { FileViewModel(queue, settings).also { it.state.watch() } }
    private val state get() = viewModel.state.value

    @Before
    fun runOnThisThread() = Dispatchers.setMain(UnconfinedTestDispatcher())

    @After
    fun restoreMain() = Dispatchers.resetMain()

    @Test
    fun `a phone without a chooser says so until files come, or the page is left`() {
        viewModel.onNoChooser()
        assertTrue(state.isChooserMissing)
        viewModel.add(emptyList())
        assertTrue(state.isChooserMissing)
        viewModel.add(listOf(Uri.parse("content://other.app/gone.wav")))
        assertEquals(false to 1, state.isChooserMissing to state.jobs.size)
        viewModel.onNoChooser()
        viewModel.onLeave()
        assertFalse(state.isChooserMissing)
    }

    @Test
    fun `the permission for notifications is asked for once`() {
        viewModel.onCannotNotify()
        assertTrue(state.asksForNotifications && settings.now.value.hasAskedForNotifications)
        viewModel.onNotificationAnswer()
        viewModel.onCannotNotify()
        assertFalse(state.asksForNotifications)
    }
}
