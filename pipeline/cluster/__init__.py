"""Group reports by what they say, from text alone: topics and candidates for signals."""
