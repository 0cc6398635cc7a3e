"""The paper of a plan for a board, as a Word document."""
