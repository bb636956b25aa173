"""The verbs that time decoders and measure how exact they are."""
