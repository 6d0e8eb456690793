package app.undertone.files

import androidx.compose.runtime.Immutable
import app.undertone.analysis.FileJob

/**
 * What the Files screen shows.
 *
 * @param isChooserMissing the phone has no app to choose files with, and nothing else is to be said.
 * @param asksForNotifications the permission is to be asked for: without it nobody sees how far the files are once the screen is left.
 */
@Immutable
data class FileUiState(val jobs: List<FileJob> = emptyList(), val isChooserMissing: Boolean = false, val asksForNotifications: Boolean = false)
