"""The staff's pages: the queue, a conversation with its case, and the staff list."""
