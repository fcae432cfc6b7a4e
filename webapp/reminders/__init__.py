"""Texts that help and never harm. Start reading in `plan` (what is due), then `worker` (how it goes out once)."""
