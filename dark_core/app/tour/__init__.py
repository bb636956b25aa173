"""The tour: twelve stops that lead through the pages, and the same stops as a teacher's lesson."""
