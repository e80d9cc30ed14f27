"""The pages that are made from an ontology: its codebook, and the reference of its terms."""
