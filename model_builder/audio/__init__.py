"""PCM in and out: reading recordings, augmenting them."""
