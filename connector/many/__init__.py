"""Many requests, one answer: pages, batches, side by side and in order."""
