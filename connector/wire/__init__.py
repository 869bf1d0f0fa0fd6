"""One request as a value, and over HTTP in the time that is left."""
