package app.undertone.engine.android

/**
 * What [call] returns, or [otherwise] where the system's audio service fails. What it throws has no fixed type: a service that just
 * ended, a device that just left and a vendor's own part of it each throw what they like.
 */
internal inline fun <T> orIfAudioFails(otherwise: T, call: () -> T): T = try {
    call()
} catch (_: RuntimeException) {
    otherwise
}

/** Runs [call], whose failure leaves nothing to do. */
internal inline fun evenIfAudioFails(call: () -> Unit) = orIfAudioFails(Unit, call)
