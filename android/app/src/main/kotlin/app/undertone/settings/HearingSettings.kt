package app.undertone.settings

import app.undertone.engine.GateSensitivity
import app.undertone.engine.StreamOptions

/** What of the settings is the engine's. */
fun Settings.toStreamOptions() = StreamOptions(
    sensitivity = when (sensitivity) {
        Sensitivity.Low -> GateSensitivity.Low
        Sensitivity.Normal -> GateSensitivity.Normal
        Sensitivity.High -> GateSensitivity.High
    },
    givesEarlyResults = showsEarlyResults,
)
