"""Paging staff: who is told of an urgent case, when again, and whether it got out. No patient's word or name leaves."""
