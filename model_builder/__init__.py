"""Undertone's model builder: recordings in, a verified speech emotion asset for the Android app out."""
