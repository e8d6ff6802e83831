"""The verbs of ``planwise``, one module a verb or family; each loads what it needs when it is called."""
