"""A pretended host and a mirror for go_sdk, and everything that may go wrong on both."""
