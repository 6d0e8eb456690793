package app.undertone.model

/** What a voice can sound like, in the order of the model's outputs and of the bars on screen. */
enum class Emotion(val label: String) {
    Angry("angry"),
    Happy("happy"),
    Neutral("neutral"),
    Sad("sad"),
    ;

    companion object {
        val labels: List<String> = entries.map { it.label }
    }
}
