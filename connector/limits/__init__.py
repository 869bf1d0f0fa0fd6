"""What keeps an app's calls apart: gates, the pace, and the Redis through which they are shared."""
