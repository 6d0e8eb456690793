package app.undertone.settings

import androidx.compose.runtime.Immutable
import app.undertone.engine.android.MicrophoneDevice
import app.undertone.engine.android.MicrophoneSource
import app.undertone.model.KeptAudioFormat
import kotlinx.coroutines.flow.Flow

/**
 * What the user chose.
 *
 * @param showsEarlyResults results appear while somebody speaks; otherwise at the end of each segment.
 * @param device the microphone to prefer; null leaves it to the system.
 * @param keepsAudio recordings are kept in the app's private folder.
 * @param keptAudioFormat of recordings from now on.
 * @param keptAudioDays after which kept audio is deleted; null keeps it until somebody deletes it.
 * @param keepsScreenOn while it listens and is in sight.
 * @param stopsAfterSilenceMin minutes without speech after which a recording ends; null: it never ends by itself.
 * @param hasDeniedMicrophone the microphone's permission was refused by an answer: a question that was only dismissed is not that.
 * @param hasAskedForNotifications the permission for notifications was asked for once, whatever the answer.
 * @param namesEmotionInNotification the notification, which lock screens show, may name the emotion.
 * @param tellsStoryInNotification a recording that ends while the app is not on screen is told in a notification.
 */
@Immutable
data class Settings(
    val showsEarlyResults: Boolean = true,
    val sensitivity: Sensitivity = Sensitivity.Normal,
    val source: MicrophoneSource = MicrophoneSource.VoiceRecognition,
    val device: MicrophoneDevice? = null,
    val keepsAudio: Boolean = false,
    val keptAudioFormat: KeptAudioFormat = KeptAudioFormat.Aac,
    val keptAudioDays: Int? = null,
    val namesEmotionInNotification: Boolean = false,
    val tellsStoryInNotification: Boolean = false,
    val theme: ThemeChoice = ThemeChoice.System,
    val usesDynamicColor: Boolean = true,
    val hasSeenWelcome: Boolean = false,
    val keepsScreenOn: Boolean = true,
    val stopsAfterSilenceMin: Int? = null,
    val hasDeniedMicrophone: Boolean = false,
    val hasAskedForNotifications: Boolean = false,
)

/** How readily the speech gate opens. */
enum class Sensitivity { Low, Normal, High }

enum class ThemeChoice { System, Light, Dark }

/** The settings on this phone. */
interface SettingsStore {
    val settings: Flow<Settings>

    /** @throws java.io.IOException where the disk is full or broken. */
    suspend fun update(change: (Settings) -> Settings)
}
