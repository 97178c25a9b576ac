"""The only HTTP: auth, envelopes, pagination, retries, rate, the API's errors."""
