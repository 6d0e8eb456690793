package app.undertone.files

import app.undertone.analysis.FileJob
import app.undertone.analysis.FileProblem
import app.undertone.analysis.FileStep
import app.undertone.analysis.StopCause

/** The states of the Files screen that tests look at. */
internal object FileStates {
    private const val NAME = "Interview with the ferry's pilot, part 2.m4a"

    fun of(step: FileStep, name: String? = NAME, sessionId: Long? = null) = FileUiState(listOf(FileJob("a", "content://a", name, step, sessionId)))

    val choosing = FileUiState()
    val opening = of(FileStep.Analysing(), name = null)
    val analysing = of(FileStep.Analysing(analysedMs = 754_000, lengthMs = 2_460_000))
    val waiting = of(FileStep.Analysing(analysedMs = 754_000, isWaiting = true))
    val ofUnknownLength = of(FileStep.Analysing(analysedMs = 754_000))
    val tooLong = of(FileStep.Failed(FileProblem.TooLong(limitMs = 10_800_000)))
    val notAudio = of(FileStep.Failed(FileProblem.NotAudio), "notes.txt")
    val noSpeech = of(FileStep.Failed(FileProblem.NoSpeech))
    val cancelled = of(FileStep.Stopped(StopCause.Cancelled, analysedMs = 754_000), sessionId = 7)
    val interrupted = of(FileStep.Stopped(StopCause.Interrupted))
    val done = of(FileStep.Done, sessionId = 7)
    val several = FileUiState(
        listOf(
            FileJob("a", "content://a", NAME, FileStep.Done, sessionId = 7),
            FileJob("b", "content://b", "Holiday on the island.mp4", FileStep.Failed(FileProblem.NoSpeech)),
            FileJob("c", "content://c", "Voice 003.ogg", FileStep.Stopped(StopCause.Cancelled, analysedMs = 61_000), sessionId = 8),
            FileJob("d", "content://d", "Lecture.mp3", FileStep.Analysing(analysedMs = 754_000, lengthMs = 2_460_000), sessionId = 9),
            FileJob("e", "content://e", name = null),
        ),
    )
}
