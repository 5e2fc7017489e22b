"""The files that people write: routines, phrases, sounds; read strictly, judged plainly."""
