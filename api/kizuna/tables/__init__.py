"""The data as tables for research: classes, links, and the units that a study works with."""
