"""The nouns: frozen values that every part speaks in, and the Protocols through which parts meet.

Knows nothing of files, HTTP, SQL or the command line; imports only `errors`.
"""
