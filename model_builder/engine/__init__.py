"""Drives the Kotlin engine through `replay`: gate and live evaluation."""
