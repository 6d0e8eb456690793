package app.undertone.about

/** The states of the pages about the app that tests look at. */
internal object AboutStates {
    private val evaluation = Evaluation(
        clips = 702,
        speakers = 13,
        unweightedAccuracy = 0.7264,
        recalls = listOf(0.8516, 0.5989, 0.7628, 0.6923),
        calibrationError = 0.0659,
        answered = 0.871,
        wrong = 0.199,
        confusion = listOf(listOf(155, 20, 5, 2), listOf(38, 109, 25, 10), listOf(4, 18, 119, 15), listOf(3, 6, 47, 126)),
    )
    private val facts = ModelFacts(
        corpora = listOf("crema-d"),
        sources = listOf("crema-d"),
        speakers = 53,
        clips = 2_850,
        evaluation = evaluation,
        sizeBytes = 21_708_842,
        sha256 = "bc0425ecc56f",
        gitCommit = "8b1ca8c0377e",
    )
    val measured = ModelUiState.Known(facts)
    val notMeasured = ModelUiState.Known(facts.copy(evaluation = null))

    val licences = LicencesUiState(
        Licences(
            corpora = listOf(CorpusLicence("CREMA-D", "Open Database License 1.0"), CorpusLicence("OTHERS", licence = null)),
            libraries = mapOf(
                "Apache License 2.0" to listOf(
                    Library("androidx.activity", listOf("activity", "activity-compose", "activity-ktx"), "1.13.0"),
                    Library("androidx.room", listOf("room-common", "room-runtime"), "2.8.5"),
                    Library("org.jetbrains.kotlinx", listOf("kotlinx-coroutines-android", "kotlinx-coroutines-core"), "1.10.2"),
                ),
                "MIT License" to listOf(Library("com.microsoft.onnxruntime", listOf("onnxruntime-android"), "1.26.0")),
            ),
            texts = listOf(listOf("MIT License", "Permission is hereby granted, free of charge, to any person obtaining a copy")),
        ),
    )
}
