package app.undertone.engine

/** Parts that Undertone's own app and tools share with the engine: no part of its public surface, and free to change in any version. */
@RequiresOptIn("Made for Undertone's own app and tools; it may change in any version.")
@Target(AnnotationTarget.CLASS, AnnotationTarget.FUNCTION)
public annotation class InternalUndertoneApi
