"""The way of one call, from arguments to `Result`."""
