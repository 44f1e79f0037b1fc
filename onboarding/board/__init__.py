"""What a page shows: rows, sentences, allowed buttons. Templates decide nothing; models stay behind this package."""
