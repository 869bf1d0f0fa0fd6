"""Blocks as the tasks of Celery workers."""
