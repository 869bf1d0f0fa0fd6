"""The procedures: one module each, with a function `run` from a task to what it gives."""
