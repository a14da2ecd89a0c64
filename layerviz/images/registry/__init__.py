"""Images from registries (distribution-spec): `fetching.fetched` brings one into the cache of blobs.

Every blob is held against its digest while it streams, so a registry can fail but not mislead.
"""
