"""What the dataset says of a thing, as a reader needs it: names, fields, evidence.

It knows the Model and the store, and neither HTTP nor HTML.
"""
