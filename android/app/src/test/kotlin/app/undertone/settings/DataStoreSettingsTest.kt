package app.undertone.settings

import androidx.datastore.preferences.core.PreferenceDataStoreFactory
import androidx.datastore.preferences.core.edit
import androidx.datastore.preferences.core.stringPreferencesKey
import app.undertone.engine.android.MicrophoneDevice
import app.undertone.engine.android.MicrophoneSource
import app.undertone.model.KeptAudioFormat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import kotlin.test.assertEquals

class DataStoreSettingsTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val file get() = folder.root.resolve("settings.preferences_pb")

    private val changed = Settings(
        showsEarlyResults = false,
        sensitivity = Sensitivity.High,
        source = MicrophoneSource.Unprocessed,
        device = MicrophoneDevice("Headset", type = 3),
        keepsAudio = true,
        keptAudioFormat = KeptAudioFormat.Wav,
        keptAudioDays = 30,
        stopsAfterSilenceMin = 5,
        namesEmotionInNotification = true,
        tellsStoryInNotification = true,
        theme = ThemeChoice.Dark,
        usesDynamicColor = false,
        hasSeenWelcome = true,
    )

    @Test
    fun `a new installation has the defaults`() = assertEquals(Settings(), process { settings.first() })

    @Test
    fun `every choice is there after a restart, and can be taken back`() {
        process { update { changed } }
        assertEquals(changed, process { settings.first() })
        process { update { Settings() } }
        assertEquals(Settings(), process { settings.first() })
    }

    @Test
    fun `a damaged file gives the defaults, and the next choice is kept`() {
        process { update { changed } }
        file.writeBytes(byteArrayOf(7, 7, 7))
        assertEquals(Settings(), process { settings.first() })
        process { update { it.copy(keepsAudio = true) } }
        assertEquals(Settings(keepsAudio = true), process { settings.first() })
    }

    @Test
    fun `a choice of another version has its default, the others stay`() {
        process { update { changed } }
        inScope { scope ->
            PreferenceDataStoreFactory.create(scope = scope) { file }.edit { it[stringPreferencesKey("theme")] = "Sepia" }
        }
        assertEquals(changed.copy(theme = ThemeChoice.System), process { settings.first() })
    }

    @Test
    fun `a microphone that was stored by its name alone is still known by it`() {
        inScope { scope ->
            PreferenceDataStoreFactory.create(scope = scope) { file }.edit { it[stringPreferencesKey("device_name")] = "Headset" }
        }
        assertEquals(MicrophoneDevice("Headset", type = null), process { settings.first() }.device)
    }

    private fun <T> process(body: suspend SettingsStore.() -> T): T = inScope { DataStoreSettings(it) { file }.body() }

    private fun <T> inScope(body: suspend (CoroutineScope) -> T): T = runBlocking {
        val scope = CoroutineScope(Dispatchers.IO + Job())
        try {
            body(scope)
        } finally {
            scope.coroutineContext.job.cancelAndJoin()
        }
    }
}
