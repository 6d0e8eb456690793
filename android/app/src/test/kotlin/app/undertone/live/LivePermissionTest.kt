package app.undertone.live

import kotlinx.coroutines.flow.first
import org.junit.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What the Live screen asks the system for, and what it makes of the answers. */
class LivePermissionTest : LiveViewModelTestBase() {
    @Test
    fun `the permission is asked for on the first tap and listening starts when it is given`() {
        tap(isGranted = false)
        assertTrue(state.asksForPermission)
        viewModel.onPermissionAsked()
        assertFalse(state.asksForPermission)
        assertEquals(0, listening.recordings)
        viewModel.onPermissionAnswer(isGranted = true, didExplain = false, shouldExplain = false)
        assertEquals(1, listening.recordings)
    }

    @Test
    fun `a refused permission is explained before it is asked for again`() {
        tap(isGranted = false)
        viewModel.onPermissionAsked()
        viewModel.onPermissionAnswer(isGranted = false, didExplain = false, shouldExplain = true)
        assertEquals(LiveNotice.PermissionDenied(canAskAgain = true), state.notice)
        tap(isGranted = false, shouldExplain = true)
        assertEquals(LiveNotice.PermissionRationale, state.notice)
        assertFalse(state.asksForPermission)
        viewModel.askForPermission()
        assertTrue(state.asksForPermission)
        assertNull(state.notice)
    }

    @Test
    fun `a permission given in the settings clears the notice`() {
        tap(isGranted = false)
        viewModel.onPermissionAsked()
        viewModel.onPermissionAnswer(isGranted = false, didExplain = true, shouldExplain = false)
        assertEquals(LiveNotice.PermissionDenied(canAskAgain = false), state.notice)
        viewModel.onResume(isGranted = false)
        assertEquals(LiveNotice.PermissionDenied(canAskAgain = false), state.notice)
        viewModel.onResume(isGranted = true)
        assertEquals(LiveUiState(LiveStatus.Ready), state)
    }

    @Test
    fun `a question that was only dismissed can be asked again, and after a refusal it is known when it will never be shown`() {
        fun answer(didExplain: Boolean, shouldExplain: Boolean): LiveNotice? {
            viewModel.onPermissionAnswer(isGranted = false, didExplain, shouldExplain)
            return state.notice
        }
        assertEquals(LiveNotice.PermissionDenied(canAskAgain = true), answer(didExplain = false, shouldExplain = false))
        assertFalse(settings.now.value.hasDeniedMicrophone)
        assertEquals(LiveNotice.PermissionDenied(canAskAgain = true), answer(didExplain = false, shouldExplain = true))
        assertTrue(settings.now.value.hasDeniedMicrophone)
        assertEquals(LiveNotice.PermissionDenied(canAskAgain = false), answer(didExplain = true, shouldExplain = false))
        // Every later question comes back at once, as if dismissed.
        assertEquals(LiveNotice.PermissionDenied(canAskAgain = false), answer(didExplain = false, shouldExplain = false))
        viewModel.onPermissionAnswer(isGranted = true, didExplain = false, shouldExplain = false)
        assertFalse(settings.now.value.hasDeniedMicrophone)
    }

    @Test
    fun `where the microphone was granted elsewhere, notifications are asked for once, and listening starts whatever the answer`() {
        tap(mayNotify = false)
        assertTrue(state.asksForNotifications)
        assertEquals(0, listening.recordings)
        viewModel.onNotificationAnswer()
        assertFalse(state.asksForNotifications)
        assertEquals(1, listening.recordings)
        tap()
        listening.end()
        tap(mayNotify = false)
        assertFalse(state.asksForNotifications)
        assertEquals(2, listening.recordings)
    }

    @Test
    fun `the question for the microphone asks for notifications as well`() {
        tap(isGranted = false)
        viewModel.onPermissionAnswer(isGranted = true, didExplain = false, shouldExplain = false)
        assertTrue(settings.now.value.hasAskedForNotifications)
    }
}
