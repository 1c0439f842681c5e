"""Answers that machine readers still find in what a policy sends, against what it costs."""
