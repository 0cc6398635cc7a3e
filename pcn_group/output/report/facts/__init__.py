"""What a page says, worked out before any page is laid out."""
