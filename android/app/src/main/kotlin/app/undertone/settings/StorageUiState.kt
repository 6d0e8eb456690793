package app.undertone.settings

import androidx.compose.runtime.Immutable
import app.undertone.model.StorageUse
import java.time.LocalDate
import java.time.ZoneId

/**
 * Everything the Storage screen shows.
 *
 * @param use null until it is measured.
 * @param keptAudioDays after which kept audio is deleted; null keeps it.
 * @param question what has to be confirmed.
 * @param isDeleted everything was, just now.
 * @param isNotStored what was chosen could not be done.
 */
@Immutable
data class StorageUiState(
    val today: LocalDate,
    val zone: ZoneId,
    val use: StorageUse? = null,
    val keptAudioDays: Int? = null,
    val question: StorageQuestion? = null,
    val isDeleted: Boolean = false,
    val isNotStored: Boolean = false,
)

enum class StorageQuestion { DeleteAudio, DeleteEverything }
