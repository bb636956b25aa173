"""The formats of files that people bring: heatmaps, one format a module, and pictures, with the guards around them."""
