"""What holds for all tests."""

import gc

# Libraries fill the memory with objects that stay: looking through them for garbage as often as
# Python does by itself takes a tenth of the tests' time.
gc.set_threshold(50_000, 20, 50)
