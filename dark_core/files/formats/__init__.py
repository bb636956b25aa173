"""The formats of heatmap files, one a module, each parsed within bounds of memory and without pickle."""
