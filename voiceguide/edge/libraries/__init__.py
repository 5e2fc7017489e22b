"""Native libraries that Python packages load: which are missing, and what package has them."""
