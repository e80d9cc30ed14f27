"""Reconciling: which of the dataset's things a name in somebody's table stands for."""
