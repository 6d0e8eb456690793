package app.undertone.settings

import app.undertone.engine.GateSensitivity
import app.undertone.engine.HearingChoice

/** What of the settings is the engine's. */
fun Settings.toHearingChoice() = HearingChoice(
    sensitivity = when (sensitivity) {
        Sensitivity.Low -> GateSensitivity.Low
        Sensitivity.Normal -> GateSensitivity.Normal
        Sensitivity.High -> GateSensitivity.High
    },
    givesEarlyResults = showsEarlyResults,
)
