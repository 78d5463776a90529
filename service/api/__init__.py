"""attest over HTTP. `app.py` puts it together; one file a resource, one file an edge concern."""
