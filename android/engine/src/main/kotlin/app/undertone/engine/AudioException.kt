package app.undertone.engine

/** The audio has no emotion to be told: too short, silent, or not made of finite numbers. The message says which. */
public class AudioException(message: String) : Exception(message)
