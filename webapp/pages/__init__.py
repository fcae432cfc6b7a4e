"""The pages anyone may read: what this is, privacy, how to get a record, who can help. They hold no answers."""
