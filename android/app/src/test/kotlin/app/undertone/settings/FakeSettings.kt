package app.undertone.settings

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.update

/** Settings that are forgotten with the test. */
class FakeSettings(initial: Settings = Settings()) : SettingsStore {
    val now = MutableStateFlow(initial)

    override val settings get() = now

    /** What every change ends in; null where it works. */
    var failure: Exception? = null

    override suspend fun update(change: (Settings) -> Settings) {
        failure?.let { throw it }
        now.update(change)
    }
}
