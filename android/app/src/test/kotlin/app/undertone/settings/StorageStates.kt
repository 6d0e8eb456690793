package app.undertone.settings

import app.undertone.history.HistorySamples
import app.undertone.history.HistorySamples.at
import app.undertone.model.AudioUse
import app.undertone.model.StorageUse
import java.time.LocalDate

/** The states of the Storage screen that tests look at. */
internal object StorageStates {
    val kept = StorageUiState(
        LocalDate.of(2026, 11, 24),
        HistorySamples.zone,
        StorageUse(
            listOf(
                HistorySamples.session(at(2026, 11, 24, 9, 12), lengthMs = 3_725_000, title = "Interview at the office") to 119_200_044L,
                HistorySamples.session(at(2026, 11, 19, 8, 5), lengthMs = 410_000, title = "مكالمة الصباح") to 13_120_044L,
                HistorySamples.session(at(2026, 11, 24, 14, 3)) to 3_040_044L,
            ).mapIndexed { place, (session, size) -> AudioUse(session.copy(id = place + 1L), size) },
            resultsBytes = 1_240_000,
            freeBytes = 12_800_000_000,
        ),
    )

    val nothingKept = kept.copy(use = StorageUse(emptyList(), 16_400, 12_800_000_000), isDeleted = true)
    val uncompressed = kept.copy(use = kept.use?.run { copy(audio = audio.take(1).map { it.copy(staysLarge = true) } + audio.drop(1)) })
}
