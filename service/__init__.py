"""attest: facts that news articles really state, and one cited account of several of them.

The walk of an article through this package is one-way; each folder is one station:

    text/ -> prompting/ -> backends/ -> facts/ -> stories/ -> api/, cli/

`service.pipeline` shows the whole path on one screen. Start reading there.
"""

__version__ = "0.1.0"
