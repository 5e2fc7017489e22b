"""What a routine is: its sections, steps and strokes, and the breath they may ride on."""
