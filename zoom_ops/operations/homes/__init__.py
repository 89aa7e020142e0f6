"""Homes: their records are read into ours."""
