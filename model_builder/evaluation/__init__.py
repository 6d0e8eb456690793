"""Figures of merit over arrays: metrics and calibration."""
