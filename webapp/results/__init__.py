"""The results page: cards.py turns findings into what a page shows, views.py shows it."""
