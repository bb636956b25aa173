"""Charts that readers zoom and turn, drawn with plotly."""
