"""The documents behind the data: passages proved against them, copying found, gaps listed.

The documents themselves aren't shipped. Whoever holds them can prove that each passage is where the
data says it is, that our own texts copy none of their sentences, and that nothing was left unread.
"""
