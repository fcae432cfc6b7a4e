"""The interview: one readable list of questions (flow.yaml), what walks it (flow.py), the answers (document.py), the
pages (views.py)."""
