package app.undertone.settings

import androidx.datastore.core.handlers.ReplaceFileCorruptionHandler
import androidx.datastore.preferences.core.MutablePreferences
import androidx.datastore.preferences.core.PreferenceDataStoreFactory
import androidx.datastore.preferences.core.Preferences
import androidx.datastore.preferences.core.booleanPreferencesKey
import androidx.datastore.preferences.core.edit
import androidx.datastore.preferences.core.emptyPreferences
import androidx.datastore.preferences.core.intPreferencesKey
import androidx.datastore.preferences.core.stringPreferencesKey
import app.undertone.engine.android.MicrophoneDevice
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.retryWhen
import java.io.File
import java.io.IOException

/**
 * The settings in a file. One instance a file and process. What cannot be read has its default: a damaged file, a value of
 * another version. A file that cannot be read now is tried again.
 *
 * @param scope in which the file is read and written; off the main thread.
 * @param file whose name ends in `.preferences_pb`; asked for in [scope].
 */
class DataStoreSettings(scope: CoroutineScope, file: () -> File) : SettingsStore {
    private val store = PreferenceDataStoreFactory.create(
        corruptionHandler = ReplaceFileCorruptionHandler { emptyPreferences() },
        scope = scope,
        produceFile = file,
    )

    override val settings: Flow<Settings> = store.data
        .retryWhen { failure, _ ->
            if (failure is IOException) {
                emit(emptyPreferences())
                delay(RETRY_AFTER_MS)
            }
            failure is IOException
        }
        .map { it.toSettings() }
        .distinctUntilChanged()

    override suspend fun update(change: (Settings) -> Settings) {
        store.edit { it.put(change(it.toSettings())) }
    }

    private companion object {
        const val RETRY_AFTER_MS = 1_000L
    }
}

private val showsEarlyResults = booleanPreferencesKey("shows_early_results")
private val sensitivity = stringPreferencesKey("sensitivity")
private val source = stringPreferencesKey("source")
private val deviceName = stringPreferencesKey("device_name")
private val deviceType = intPreferencesKey("device_type")
private val keepsAudio = booleanPreferencesKey("keeps_audio")
private val keptAudioFormat = stringPreferencesKey("kept_audio_format")
private val keptAudioDays = intPreferencesKey("kept_audio_days")
private val namesEmotionInNotification = booleanPreferencesKey("names_emotion_in_notification")
private val tellsStoryInNotification = booleanPreferencesKey("tells_story_in_notification")
private val theme = stringPreferencesKey("theme")
private val usesDynamicColor = booleanPreferencesKey("uses_dynamic_color")
private val hasSeenWelcome = booleanPreferencesKey("has_seen_welcome")
private val keepsScreenOn = booleanPreferencesKey("keeps_screen_on")
private val stopsAfterSilenceMin = intPreferencesKey("stops_after_silence_min")
private val hasDeniedMicrophone = booleanPreferencesKey("has_denied_microphone")
private val hasAskedForNotifications = booleanPreferencesKey("has_asked_for_notifications")

private fun Preferences.toSettings(): Settings {
    val default = Settings()
    return Settings(
        showsEarlyResults = this[showsEarlyResults] ?: default.showsEarlyResults,
        sensitivity = enumOr(sensitivity, default.sensitivity),
        source = enumOr(source, default.source),
        device = this[deviceName]?.let { MicrophoneDevice(it, this[deviceType]) },
        keepsAudio = this[keepsAudio] ?: default.keepsAudio,
        keptAudioFormat = enumOr(keptAudioFormat, default.keptAudioFormat),
        keptAudioDays = this[keptAudioDays],
        namesEmotionInNotification = this[namesEmotionInNotification] ?: default.namesEmotionInNotification,
        tellsStoryInNotification = this[tellsStoryInNotification] ?: default.tellsStoryInNotification,
        theme = enumOr(theme, default.theme),
        usesDynamicColor = this[usesDynamicColor] ?: default.usesDynamicColor,
        hasSeenWelcome = this[hasSeenWelcome] ?: default.hasSeenWelcome,
        keepsScreenOn = this[keepsScreenOn] ?: default.keepsScreenOn,
        stopsAfterSilenceMin = this[stopsAfterSilenceMin]?.takeIf { it > 0 },
        hasDeniedMicrophone = this[hasDeniedMicrophone] ?: default.hasDeniedMicrophone,
        hasAskedForNotifications = this[hasAskedForNotifications] ?: default.hasAskedForNotifications,
    )
}

private fun MutablePreferences.put(settings: Settings) {
    this[showsEarlyResults] = settings.showsEarlyResults
    this[sensitivity] = settings.sensitivity.name
    this[source] = settings.source.name
    putOrRemove(deviceName, settings.device?.name)
    putOrRemove(deviceType, settings.device?.type)
    this[keepsAudio] = settings.keepsAudio
    this[keptAudioFormat] = settings.keptAudioFormat.name
    putOrRemove(keptAudioDays, settings.keptAudioDays)
    this[namesEmotionInNotification] = settings.namesEmotionInNotification
    this[tellsStoryInNotification] = settings.tellsStoryInNotification
    this[theme] = settings.theme.name
    this[usesDynamicColor] = settings.usesDynamicColor
    this[hasSeenWelcome] = settings.hasSeenWelcome
    this[keepsScreenOn] = settings.keepsScreenOn
    putOrRemove(stopsAfterSilenceMin, settings.stopsAfterSilenceMin)
    this[hasDeniedMicrophone] = settings.hasDeniedMicrophone
    this[hasAskedForNotifications] = settings.hasAskedForNotifications
}

private fun <T : Any> MutablePreferences.putOrRemove(key: Preferences.Key<T>, value: T?) {
    if (value == null) remove(key) else this[key] = value
}

private inline fun <reified E : Enum<E>> Preferences.enumOr(key: Preferences.Key<String>, default: E): E =
    enumValues<E>().firstOrNull { it.name == this[key] } ?: default
