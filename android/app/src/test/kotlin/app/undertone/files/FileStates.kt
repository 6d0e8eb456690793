package app.undertone.files

/** The states of the Files screen that tests look at. */
internal object FileStates {
    private const val NAME = "Interview with the ferry's pilot, part 2.m4a"

    val choosing = FileUiState()
    val opening = FileUiState(FileStep.Hearing(heardMs = 0, lengthMs = null))
    val hearing = FileUiState(FileStep.Hearing(heardMs = 754_000, lengthMs = 2_460_000), NAME)
    val ofUnknownLength = FileUiState(FileStep.Hearing(heardMs = 754_000, lengthMs = null), NAME)
    val tooLong = FileUiState(FileStep.Failed(FileProblem.TooLong(limitMs = 10_800_000)), NAME)
    val notAudio = FileUiState(FileStep.Failed(FileProblem.NotAudio), "notes.txt")
    val noSpeech = FileUiState(FileStep.Failed(FileProblem.NoSpeech), NAME)
}
