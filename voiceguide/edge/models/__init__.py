"""Recogniser models on the disk: which there are, whether they are whole, how one is fetched."""
