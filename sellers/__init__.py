"""Who onboards what: people, sellers, connections and products' plain facts. Knows nothing of onboarding."""
