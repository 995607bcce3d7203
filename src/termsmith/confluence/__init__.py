"""Reading pages from Confluence itself: which have changed, and what to store of them."""
