"""A local Codefluss API over SQLite, from the same contract, with programmable faults.

Knows the contract and nothing of the client. `Api` is the heart: synchronous, without a clock, a
socket or a framework of its own. `app` makes it an ASGI application, `server` puts that on a port.
`store` keeps rows, `resources` is the behaviour of the API, `faults` is what goes wrong, `designer`
is the person who edits the site meanwhile.
"""
