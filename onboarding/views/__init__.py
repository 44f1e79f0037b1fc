"""Pages of the checklist: function views that ask `access`, call a verb or a board, and render."""
