"""Pages of sellers: products' facts, connections, people."""
