"""Sorted columns of a store: they answer selections without a scan of the dataset."""
