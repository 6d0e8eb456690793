package app.undertone.recording

import app.undertone.engine.Recording
import app.undertone.engine.android.MicrophoneChoice

/** The microphones of the phone. */
fun interface Microphones {
    /**
     * Starts recording from the one that was chosen.
     *
     * @throws app.undertone.engine.MicrophoneException when another app holds the microphone, or this one may not use it.
     */
    fun start(choice: MicrophoneChoice): Recording
}
