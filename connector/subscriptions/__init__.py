"""Subscriptions: triggers that are polled for a platform, which is called when something has happened."""
