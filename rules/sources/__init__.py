"""Where records come from: answers, worked cases, RAP sheets, DOJ extracts. Each gives `rules.record` objects."""
