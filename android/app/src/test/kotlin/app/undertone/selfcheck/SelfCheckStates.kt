package app.undertone.selfcheck

import app.undertone.asset.AssetProblem

/** The states of the Self-check screen that tests look at. */
internal object SelfCheckStates {
    val phone = Phone(model = "Example P1", abi = "arm64-v8a", androidVersion = "15 (35)", appVersion = "0.1.0")
    val passed = SelfCheckReport(
        clips = 8,
        largestLogitError = 3e-6,
        tolerance = 1e-4,
        wrongLabels = 0,
        loadMs = 412.3,
        medianMsPerSecond = 21.7,
        slowMsPerSecond = 35.2,
        memoryKib = 98_304,
        modelSha256 = "bc0425ecc56f",
    )
    val ready = SelfCheckUiState(phone)
    val running = SelfCheckUiState(phone, SelfCheckStep.Running(SelfCheckProgress.Running(done = 2, total = 32, clips = 8)))
    val finished = SelfCheckUiState(phone, SelfCheckStep.Finished(passed))
    val notPassed = SelfCheckUiState(phone, SelfCheckStep.Finished(passed.copy(largestLogitError = 0.2134, wrongLabels = 1)))
    val failed = SelfCheckUiState(phone, SelfCheckStep.Failed(AssetProblem.Damaged("golden.json", "has 3 bytes, the manifest says 21100")))
}
