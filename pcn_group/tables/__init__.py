"""Tables in: files opened, and their headings, columns, codes and numbers read."""
