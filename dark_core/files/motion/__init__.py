"""What moves: files of coordinates over time, videos, and the bundled clips."""
