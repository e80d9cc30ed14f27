"""What the ``kizuna`` command can be told to do, a kind of task a module.

Each module adds its commands to the parser; a command's ``run`` takes the arguments and returns the
exit status.
"""
