"""Pictures of a routine, pure: words like "chin → earlobe" as lines on a face, SVG, a card."""
