"""Composite blocks: read, plan, check, write in order, verify, each step a block. No service's name stands here."""
